// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.ledger.sqlite.RecordRows.Placed;
import io.drey.model.Value;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Rows of the log, each checked against its checksum when read. */
final class LogRows {
    /** In the order in which {@link #row} reads them; the value follows. */
    static final String COLUMNS = "position, store, space, key, kind, operation, time, previous, prior, size,"
            + " content_type, payload, batch, operation_id, records, weight, checksum";

    /** About what a row weighs beside its key and value. */
    private static final int ROW_BYTES = 96;

    private static final Kind[] KINDS = Kind.values();

    private static final String INSERT =
            "insert into log (" + COLUMNS + ", value) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String AT = "select " + COLUMNS + ", value from log where position = ?";

    private LogRows() {}

    /** Writes a row at the next position, which it answers. {@code draft} has neither position nor weight yet. */
    static long append(Turn turn, LogRow draft, Placed placed) throws SQLException {
        var entry = draft.entry();
        long position = turn.advance(ROW_BYTES + Math.max(0, entry.size()) + length(entry.key()));
        var row = new LogRow(
                at(entry, position), draft.space(), draft.prior(), draft.payload(), draft.operationId(), turn.weight());
        turn.session()
                .update(
                        INSERT,
                        position,
                        entry.store(),
                        row.space(),
                        entry.key(),
                        entry.kind().ordinal(),
                        entry.operation(),
                        entry.time(),
                        entry.previousVersion(),
                        row.prior(),
                        entry.size(),
                        entry.contentType(),
                        row.payload(),
                        entry.batch(),
                        row.operationId(),
                        entry.records(),
                        row.weight(),
                        Checksums.log(row, placed == null ? 0 : placed.checksum()),
                        placed == null ? null : placed.inline());
        return position;
    }

    /** Writes a row that tells of a store as a whole. */
    static long appendStore(Turn turn, long store, long space, Kind kind, String operation, long time, long records)
            throws SQLException {
        var entry = new LogEntry(0, store, null, kind, operation, time, 0, -1, null, null, null, records);
        return append(turn, new LogRow(entry, space, 0, null, 0, 0), null);
    }

    /** With its value; null when the log does not have it or no longer. */
    static LogRow at(Session session, long position) throws SQLException {
        return session.first(AT, row -> row(row, true), position);
    }

    static LogRow row(ResultSet result, boolean values) throws SQLException {
        long size = result.getLong(10);
        Long payload = Session.nullableLong(result, 12);
        long checksum = result.getLong(17);
        var kind = KINDS[(int) Math.min(KINDS.length - 1, result.getLong(5) & Integer.MAX_VALUE)];
        Value value = values && size >= 0 ? RecordRows.value(result, 18, size, payload, checksum) : null;
        var entry = new LogEntry(
                result.getLong(1),
                result.getLong(2),
                result.getBytes(4),
                kind,
                result.getString(6),
                result.getLong(7),
                result.getLong(8),
                size,
                result.getString(11),
                value,
                result.getString(13),
                result.getLong(15));
        var row = new LogRow(
                entry, result.getLong(3), result.getLong(9), payload, result.getLong(14), result.getLong(16));
        if (Checksums.log(row, Checksums.valueOf(checksum)) != checksum) {
            throw new Damaged("a row of the log");
        }
        return row;
    }

    private static LogEntry at(LogEntry entry, long position) {
        return new LogEntry(
                position,
                entry.store(),
                entry.key(),
                entry.kind(),
                entry.operation(),
                entry.time(),
                entry.previousVersion(),
                entry.size(),
                entry.contentType(),
                entry.value(),
                entry.batch(),
                entry.records());
    }

    private static int length(byte[] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
