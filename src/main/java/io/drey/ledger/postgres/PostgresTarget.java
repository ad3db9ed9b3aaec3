// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Durability;
import io.drey.ledger.LedgerException.Unknown;
import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.tables.Column;
import io.drey.ledger.tables.Floors;
import io.drey.ledger.tables.Table;
import io.drey.ledger.tables.TableTarget;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A PostgreSQL ledger in the making: one transaction, under locks that keep every node out. */
public final class PostgresTarget implements TableTarget {
    private static final int ROWS_AT_ONCE = 1_000;
    private static final int BYTES_AT_ONCE = 4 << 20;
    /** No node works yet, so it does not matter. */
    private static final long LEASE_MILLIS = 3_000;

    private final TableLink link;
    private final List<Object[]> waiting = new ArrayList<>();
    private Table table;
    private int bytes;
    private Future<?> sent = Future.succeededFuture();

    private PostgresTarget(TableLink link) {
        this.link = link;
    }

    /**
     * Connects to the database of this URL and makes Drey's schema where it is missing.
     *
     * @throws Unusable when it cannot be reached, is not one of this Drey, or holds anything
     */
    public static PostgresTarget open(String url) {
        var link = TableLink.open(url);
        try {
            if (!link.look()) {
                migrate(url);
                link.look();
            }
            if (!link.isWhole()) {
                throw new Unusable(
                        link.place()
                                + " has a schema drey of another version or of somebody else; copy to another database",
                        null);
            }
            begin(link);
            return new PostgresTarget(link);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    @Override
    public void write(Table next, Object[] row) {
        if (next != table) {
            flush();
            table = next;
        }
        waiting.add(row);
        for (Object value : row) {
            bytes += value instanceof byte[] content ? content.length : Long.BYTES;
        }
        if (waiting.size() >= ROWS_AT_ONCE || bytes >= BYTES_AT_ONCE) {
            flush();
        }
    }

    @Override
    public void raise(Floors floors) {
        flush();
        link.await(sent);
        // An empty ledger has given no position, but one that changed its server has jumped over some.
        link.run("delete from drey.jump");
        link.query("update drey.turn set position = $1", floors.position());
        put("trimmed", floors.trimmed());
        put("time-floor", floors.time());
        PostgresSource.NUMBERED.forEach((numbered, column) ->
                restart(numbered.label(), column, floors.numbers().getOrDefault(numbered, 0L)));
        restart("incarnation", "number", floors.incarnation());
        for (var epoch : floors.epochs().entrySet()) {
            link.query(
                    "insert into drey.claim as c (partition, incarnation, epoch) values ($1, null, $2)"
                            + " on conflict (partition) do update set incarnation = null,"
                            + " epoch = greatest(c.epoch, excluded.epoch)",
                    epoch.getKey(),
                    epoch.getValue());
        }
        for (Table filled : Table.values()) {
            link.run("analyze drey." + filled.label());
        }
    }

    @Override
    public void each(Table wanted, Visitor visitor) {
        link.each(wanted, visitor);
    }

    @Override
    public void finish() {
        try {
            link.run("commit");
        } catch (Unusable e) {
            throw new Unknown(
                    "whether the copy stands is not known: " + e.getMessage()
                            + "; copy once more, which is refused if it does",
                    e);
        }
    }

    /** Closing the connection undoes what was not committed. */
    @Override
    public void close() {
        link.close();
    }

    private static void migrate(String url) {
        Postgres.open(new PostgresConfig(url, Durability.FSYNC, LEASE_MILLIS, 1))
                .close();
    }

    private static void begin(TableLink link) {
        link.run("start transaction");
        link.run("set local statement_timeout = 0");
        link.run("set local idle_in_transaction_session_timeout = 0");
        link.run("set local lock_timeout = '10s'");
        link.run("set local synchronous_commit = on");
        link.run("set local enable_sort = off");
        String tables = Arrays.stream(Table.values()).map(Table::label).collect(Collectors.joining(", drey."));
        link.run("lock table drey.turn, drey.claim, drey." + tables + " in exclusive mode");
        for (Table table : Table.values()) {
            if (link.query("select 1 from drey." + table.label() + " limit 1").size() > 0) {
                throw new Unusable(
                        link.place() + " is not empty: it has rows in drey." + table.label()
                                + "; copy to another database, or drop the schema drey if nobody needs it",
                        null);
            }
        }
    }

    /** Sends what waits, once what was sent before has arrived. */
    private void flush() {
        if (waiting.isEmpty()) {
            return;
        }
        link.await(sent);
        sent = link.send(insert(), columns());
        waiting.clear();
        bytes = 0;
    }

    private String insert() {
        var columns = table.columns();
        String names = columns.stream().map(Column::name).collect(Collectors.joining(", "));
        String arrays = IntStream.range(0, columns.size())
                .mapToObj(i -> "$" + (i + 1) + "::" + type(columns.get(i)) + "[]")
                .collect(Collectors.joining(", "));
        return "insert into drey." + table.label() + " (" + names + ") select * from unnest(" + arrays + ")";
    }

    private String type(Column column) {
        return switch (column.kind()) {
            case NUMBER -> "bigint";
            case TEXT -> link.isBytes(table, column) ? "bytea" : "text";
            case BYTES -> "bytea";
        };
    }

    /** One array for each column. */
    private Tuple columns() {
        var values = Tuple.tuple();
        for (int i = 0; i < table.columns().size(); i++) {
            int index = i;
            var column = table.columns().get(i);
            var all = waiting.stream().map(row -> row[index]);
            switch (type(column)) {
                case "bigint" -> values.addArrayOfLong(all.toArray(Long[]::new));
                case "text" -> values.addArrayOfString(all.toArray(String[]::new));
                default ->
                    values.addArrayOfBuffer(all.map(PostgresTarget::buffer).toArray(Buffer[]::new));
            }
        }
        return values;
    }

    private static Buffer buffer(Object value) {
        if (value == null) {
            return null;
        }
        return Buffer.buffer(value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : (byte[]) value);
    }

    private void put(String name, long value) {
        link.query(
                "insert into drey.meta as m (name, value) values ($1, $2)"
                        + " on conflict (name) do update set value = greatest(m.value, excluded.value)",
                name,
                value);
    }

    /** Unlike setval, this is undone with the transaction. */
    private void restart(String numbered, String column, long last) {
        long next = Math.max(last, link.last(numbered, column)) + 1;
        link.run("alter table drey." + numbered + " alter column " + column + " restart with " + next);
    }
}
