// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.model.Value;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;

/** Rows of the log, as they are told. */
final class LogEntryRow {
    /** In the order in which {@link #entry} reads them; the value may follow. */
    static final String COLUMNS = "l.position, l.store, l.key, l.kind, l.operation, l.time, l.previous, l.size,"
            + " l.content_type, l.payload, l.batch, l.records";

    static final String WITH_VALUE = COLUMNS + ", l.value";

    private static final int VALUE = 12;
    private static final Kind[] KINDS = Kind.values();
    private static final byte[] EMPTY = {};

    private LogEntryRow() {}

    static LogEntry entry(Row row) {
        long size = row.getLong(7);
        return new LogEntry(
                row.getLong(0),
                row.getLong(1),
                bytes(row.getBuffer(2)),
                KINDS[row.getInteger(3)],
                row.getString(4),
                row.getLong(5),
                row.getLong(6),
                size,
                row.getString(8),
                row.size() > VALUE && size >= 0 ? value(row, size) : null,
                row.getString(10),
                row.getLong(11));
    }

    private static Value value(Row row, long size) {
        Long payload = row.getLong(9);
        if (payload != null) {
            return new Value.Stored(payload, size);
        }
        byte[] bytes = bytes(row.getBuffer(VALUE));
        return new Value.Inline(bytes == null ? EMPTY : bytes);
    }

    private static byte[] bytes(Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
