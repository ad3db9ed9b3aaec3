// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.tables.Column;
import io.drey.ledger.tables.Rows;
import io.drey.ledger.tables.Table;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Rows as arrays, with the checksums that only SQLite keeps: verified when read, made when written. */
final class TableRows implements Rows {
    private static final String CHECKSUM = "checksum";

    private final Session session;
    private final String place;

    /** {@code place} is what trouble is said to be in. */
    TableRows(Session session, String place) {
        this.session = session;
        this.place = place;
    }

    @Override
    public void each(Table table, Visitor visitor) {
        var columns = table.columns();
        String keys = columns.stream().limit(table.keys()).map(Column::name).collect(Collectors.joining(", "));
        String sql = "select " + names(table) + " from " + table.label() + " order by " + keys;
        try {
            session.each(sql, result -> {
                var row = new Object[columns.size()];
                for (int i = 0; i < row.length; i++) {
                    row[i] = read(result, columns.get(i), i + 1);
                }
                if (hasChecksum(table) && result.getLong(row.length + 1) != RowChecksums.of(table, row)) {
                    throw new Unusable(
                            place + " is damaged: " + new RowPlaces(session).of(table, row)
                                    + " is not what was written; restore it from a backup",
                            null);
                }
                visitor.row(row);
                return true;
            });
        } catch (SQLException e) {
            throw new Unusable(place + ": " + table.label() + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    void write(Table table, Object[] row) throws SQLException {
        session.update(
                Insert.OF.get(table.ordinal()), hasChecksum(table) ? with(row, RowChecksums.of(table, row)) : row);
    }

    private static boolean hasChecksum(Table table) {
        return table == Table.RECORD || table == Table.LOG || table == Table.CHUNK;
    }

    private static String names(Table table) {
        String names = table.columns().stream().map(Column::name).collect(Collectors.joining(", "));
        return hasChecksum(table) ? names + ", " + CHECKSUM : names;
    }

    private static Object read(ResultSet result, Column column, int index) throws SQLException {
        return switch (column.kind()) {
            case NUMBER -> Session.nullableLong(result, index);
            case TEXT -> result.getString(index);
            case BYTES -> result.getBytes(index);
        };
    }

    private static Object[] with(Object[] row, long checksum) {
        var longer = Arrays.copyOf(row, row.length + 1);
        longer[row.length] = checksum;
        return longer;
    }

    /** The statements, made once: they are looked up for each row. */
    private static final class Insert {
        static final List<String> OF = Arrays.stream(Table.values())
                .map(table -> "insert into " + table.label() + " (" + names(table) + ") values ("
                        + "?, ".repeat(table.columns().size() - 1)
                        + (hasChecksum(table) ? "?, ?)" : "?)"))
                .toList();
    }
}
