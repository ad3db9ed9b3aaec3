// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One connection with its prepared statements, which are kept for as long as it lives. For one thread at a time. */
final class Session implements AutoCloseable {
    private final Connection connection;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    Session(Connection connection) {
        this.connection = connection;
    }

    /** Runs a statement that changes something; answers how many rows it changed. */
    int update(String sql, Object... values) throws SQLException {
        try {
            return bound(sql, values).executeUpdate();
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    /** Runs a statement whose result does not matter. */
    void run(String sql) throws SQLException {
        try {
            var statement = prepared(sql);
            if (statement.execute()) {
                statement.getResultSet().close();
            }
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    /** Runs a statement that works row by row without columns to its end, which a prepared one would not reach. */
    void runToEnd(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** The first row, null when there is none. */
    <T> T first(String sql, Row<T> row, Object... values) throws SQLException {
        var found = new ArrayList<T>(1);
        each(
                sql,
                result -> {
                    found.add(row.read(result));
                    return false;
                },
                values);
        return found.isEmpty() ? null : found.get(0);
    }

    <T> List<T> all(String sql, Row<T> row, Object... values) throws SQLException {
        var rows = new ArrayList<T>();
        each(
                sql,
                result -> {
                    rows.add(row.read(result));
                    return true;
                },
                values);
        return rows;
    }

    /** Reads rows until {@code row} answers false. */
    void each(String sql, Row<Boolean> row, Object... values) throws SQLException {
        try (ResultSet result = bound(sql, values).executeQuery()) {
            boolean more = true;
            while (more && result.next()) {
                more = row.read(result);
            }
        } catch (SQLException e) {
            forget(sql);
            throw e;
        }
    }

    /** The first column of the first row, {@code otherwise} when there is none or it is null. */
    long number(String sql, long otherwise, Object... values) throws SQLException {
        Long number = first(sql, result -> nullableLong(result, 1), values);
        return number == null ? otherwise : number;
    }

    long insertedId() throws SQLException {
        return number("select last_insert_rowid()", 0);
    }

    static Long nullableLong(ResultSet result, int column) throws SQLException {
        long number = result.getLong(column);
        return result.wasNull() ? null : number;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        var statement = prepared(sql);
        for (int i = 0; i < values.length; i++) {
            bind(statement, i + 1, values[i]);
        }
        return statement;
    }

    private static void bind(PreparedStatement statement, int index, Object value) throws SQLException {
        if (value instanceof byte[] bytes) {
            statement.setBytes(index, bytes);
        } else if (value instanceof Long number) {
            statement.setLong(index, number);
        } else if (value instanceof Integer number) {
            statement.setInt(index, number);
        } else if (value instanceof String text) {
            statement.setString(index, text);
        } else {
            statement.setObject(index, value);
        }
    }

    /** The driver gives up a statement that has failed, so it is prepared anew next time. */
    private void forget(String sql) {
        var statement = statements.remove(sql);
        if (statement != null) {
            try {
                statement.close();
            } catch (SQLException e) {
                // It is given up either way; the failure that matters is on its way already.
            }
        }
    }

    private PreparedStatement prepared(String sql) throws SQLException {
        var statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        return statement;
    }

    /** Makes something of the row that a result stands at. */
    interface Row<T> {
        T read(ResultSet result) throws SQLException;
    }
}
