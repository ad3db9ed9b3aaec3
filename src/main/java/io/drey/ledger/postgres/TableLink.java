// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.tables.Column;
import io.drey.ledger.tables.Rows;
import io.drey.ledger.tables.Table;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Cursor;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/** One connection that copies whole tables, with blocking calls. For one thread. */
final class TableLink implements Rows, AutoCloseable {
    private static final int ROWS_AT_ONCE = 1_000;
    /** Of those that hold up to 64 KiB each, and of chunks of large values. */
    private static final int VALUES_AT_ONCE = 128;

    private static final int CHUNKS_AT_ONCE = 32;

    private static final long CLOSE_MILLIS_MAX = 3_000;

    private static final String COLUMNS = "select table_name, column_name, data_type from information_schema.columns"
            + " where table_schema = 'drey'";

    private final Vertx vertx;
    private final String place;
    private PgConnection connection;
    /** What there is, as table and column; and which of them keep text as bytes. */
    private final Set<String> present = new HashSet<>();

    private final Set<String> bytes = new HashSet<>();

    private TableLink(Vertx vertx, String place) {
        this.vertx = vertx;
        this.place = place;
    }

    static TableLink open(String url) {
        PgConnectOptions options = Opening.options(url);
        var files = new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false);
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setFileSystemOptions(files));
        var link = new TableLink(vertx, options.getHost() + ":" + options.getPort() + "/" + options.getDatabase());
        try {
            link.connection = link.await(PgConnection.connect(vertx, options));
            // Whatever ends the connection fails the call under way too, which tells of it.
            link.connection.exceptionHandler(failure -> {});
            return link;
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    /** Where this leads, for messages; without user and password. */
    String place() {
        return place;
    }

    /** Learns which tables and columns there are; answers whether there is any. */
    boolean look() {
        present.clear();
        bytes.clear();
        for (Row row : query(COLUMNS)) {
            String column = row.getString(0) + "." + row.getString(1);
            present.add(column);
            if (row.getString(2).equals("bytea")) {
                bytes.add(column);
            }
        }
        return !present.isEmpty();
    }

    /** Whether there is every column of every table. */
    boolean isWhole() {
        for (Table table : Table.values()) {
            for (Column column : table.columns()) {
                if (!present.contains(table.label() + "." + column.name())) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Whether the database keeps the column as bytes, be it text or not. */
    boolean isBytes(Table table, Column column) {
        return bytes.contains(table.label() + "." + column.name());
    }

    RowSet<Row> query(String sql, Object... values) {
        return await(connection.preparedQuery(sql).execute(Tuple.wrap(values)));
    }

    long number(String sql, Object... values) {
        for (Row row : query(sql, values)) {
            Long number = row.getLong(0);
            return number == null ? 0 : number;
        }
        return 0;
    }

    /** The last number that a table gave to a row. */
    long last(String table, String column) {
        String sequence = "drey." + table + "_" + column + "_seq";
        return number("select case when is_called then last_value else last_value - 1 end from " + sequence);
    }

    /** Runs a statement that takes no values. */
    void run(String sql) {
        await(connection.query(sql).execute());
    }

    Future<RowSet<Row>> send(String sql, Tuple values) {
        return connection.preparedQuery(sql).execute(values);
    }

    /** Within a transaction. */
    @Override
    public void each(Table table, Visitor visitor) {
        String columns = table.columns().stream().map(Column::name).collect(Collectors.joining(", "));
        String keys =
                table.columns().stream().limit(table.keys()).map(Column::name).collect(Collectors.joining(", "));
        // What was counted since a store's row was last brought up to date stands beside it; the view adds both.
        String from = table == Table.STORE ? "drey.counted_store" : "drey." + table.label();
        var statement = await(connection.prepare("select " + columns + " from " + from + " order by " + keys));
        Cursor cursor = statement.cursor(Tuple.tuple());
        int count = rowsAtOnce(table);
        var next = cursor.read(count);
        while (next != null) {
            var rows = await(next);
            // The next ones come while these are worked on.
            next = cursor.hasMore() ? cursor.read(count) : null;
            for (Row row : rows) {
                visitor.row(values(table, row));
            }
        }
        await(cursor.close());
        await(statement.close());
    }

    <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            throw new Unusable(place + ": " + words(e.getCause()), e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unusable(place + ": interrupted", e);
        }
    }

    /** Waits for it, so that what was not committed is undone by then. */
    @Override
    public void close() {
        if (connection != null) {
            settle(connection.close());
        }
        settle(vertx.close());
    }

    private static void settle(Future<Void> closing) {
        try {
            closing.toCompletionStage().toCompletableFuture().get(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // The server undoes what is open as soon as it notices.
        }
    }

    private static int rowsAtOnce(Table table) {
        return switch (table) {
            case CHUNK -> CHUNKS_AT_ONCE;
            case RECORD, LOG, ANSWER -> VALUES_AT_ONCE;
            default -> ROWS_AT_ONCE;
        };
    }

    private static Object[] values(Table table, Row row) {
        var values = new Object[table.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = value(table.columns().get(i).kind(), row.getValue(i));
        }
        return values;
    }

    private static Object value(Column.Kind kind, Object found) {
        if (found == null) {
            return null;
        }
        return switch (kind) {
            case NUMBER -> ((Number) found).longValue();
            case TEXT -> found instanceof Buffer buffer ? buffer.toString(StandardCharsets.UTF_8) : found;
            case BYTES -> ((Buffer) found).getBytes();
        };
    }

    private static String words(Throwable cause) {
        String message = cause instanceof PgException database ? database.getErrorMessage() : cause.getMessage();
        return message == null ? cause.toString() : message.replace('\n', ' ');
    }
}
