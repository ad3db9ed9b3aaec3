// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.ledger.tables.Table;
import io.drey.model.Entry;

/** The checksums of rows that come as arrays: of records, of the log and of chunks. */
final class RowChecksums {
    private RowChecksums() {}

    /** Of a row that has its columns in the order of its table. */
    static long of(Table table, Object... row) {
        return switch (table) {
            case RECORD -> record(row);
            case LOG -> log(row);
            default -> Checksums.chunk(number(row[0]), (byte[]) row[1]);
        };
    }

    private static long record(Object... row) {
        var entry = new Entry(null, (String) row[7], number(row[2]), number(row[4]), number(row[5]), number(row[6]));
        long value = Checksums.value((byte[]) row[9]);
        return Checksums.record(number(row[0]), (byte[]) row[1], number(row[3]), entry, (Long) row[8], value);
    }

    private static long log(Object... row) {
        long kind = number(row[4]);
        var entry = new LogEntry(
                number(row[0]),
                number(row[1]),
                (byte[]) row[3],
                Kind.values()[(int) Math.max(0, Math.min(Kind.values().length - 1, kind))],
                (String) row[5],
                number(row[6]),
                number(row[7]),
                number(row[9]),
                (String) row[10],
                null,
                (String) row[12],
                number(row[14]));
        var logRow =
                new LogRow(entry, number(row[2]), number(row[8]), (Long) row[11], number(row[13]), number(row[15]));
        return Checksums.log(logRow, Checksums.value((byte[]) row[16]));
    }

    /** A damaged row may lack what each row has. */
    private static long number(Object value) {
        return value == null ? 0 : (Long) value;
    }
}
