// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.tables.Floors;
import io.drey.ledger.tables.Table;
import io.drey.ledger.tables.TableSource;
import io.vertx.sqlclient.Row;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** A PostgreSQL ledger that is only read, in one transaction that sees it as of one instant. */
public final class PostgresSource implements TableSource {
    /** Longer than a running node needs to renew, even if its lease is set to three times the usual. */
    private static final long WATCH_MILLIS = 4_000;

    private static final long LOOK_MILLIS = 250;

    private static final String TIME = "select greatest(drey.millis(),"
            + " (select time from drey.log order by position desc limit 1),"
            + " (select value from drey.meta where name = 'time-floor'))";

    /** The tables that count their rows, with the name of the number. */
    static final Map<Table, String> NUMBERED =
            Map.of(Table.ACCOUNT, "number", Table.STORE, "number", Table.SPACE, "space", Table.PAYLOAD, "id");

    private final TableLink link;
    private final State begun;

    private PostgresSource(TableLink link, State begun) {
        this.link = link;
        this.begun = begun;
    }

    /**
     * Connects to the database of this URL.
     *
     * @throws Unusable when it cannot be reached, is not one of this Drey, or a node works on it
     */
    public static PostgresSource open(String url) {
        var link = TableLink.open(url);
        try {
            if (!link.look()) {
                throw new Unusable(link.place() + " holds no ledger of Drey (schema drey)", null);
            }
            if (!link.isWhole()) {
                throw new Unusable(
                        link.place() + " has a schema of another version; start and stop this Drey on it once", null);
            }
            State begun = watch(link);
            link.run("start transaction isolation level repeatable read read only");
            link.run("set local statement_timeout = 0");
            link.run("set local idle_in_transaction_session_timeout = 0");
            // The index gives the order at once; to sort a table would need its size again on the server's disk.
            link.run("set local enable_sort = off");
            return new PostgresSource(link, begun);
        } catch (RuntimeException e) {
            link.close();
            throw e;
        }
    }

    @Override
    public void each(Table table, Visitor visitor) {
        link.each(table, visitor);
    }

    @Override
    public Floors floors() {
        var numbers = new EnumMap<Table, Long>(Table.class);
        NUMBERED.forEach((table, column) -> numbers.put(table, link.last(table.label(), column)));
        var epochs = new HashMap<Integer, Long>();
        for (Row row : link.query("select partition, epoch from drey.claim")) {
            epochs.put(row.getInteger(0), row.getLong(1));
        }
        return new Floors(
                begun.position(),
                link.number("select weight from drey.log order by position desc limit 1"),
                link.number(TIME),
                link.number("select value from drey.meta where name = 'trimmed'"),
                link.last("incarnation", "number"),
                numbers,
                epochs);
    }

    @Override
    public void confirm() {
        link.run("commit");
        if (!State.of(link).equals(begun)) {
            throw inUse(link);
        }
    }

    @Override
    public void close() {
        link.close();
    }

    /** A node that was killed leaves an incarnation behind that has not ended; that of a running one is renewed. */
    private static State watch(TableLink link) {
        State begun = State.of(link);
        long end = System.nanoTime() + WATCH_MILLIS * 1_000_000;
        while (!begun.counters().isEmpty() && System.nanoTime() < end) {
            pause();
            if (!State.of(link).equals(begun)) {
                throw inUse(link);
            }
        }
        return begun;
    }

    private static void pause() {
        try {
            Thread.sleep(LOOK_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unusable("interrupted", e);
        }
    }

    private static Unusable inUse(TableLink link) {
        return new Unusable(link.place() + " is in use by a running node; stop all nodes first", null);
    }

    /** What changes while a node runs. */
    private record State(long position, Map<Long, Long> counters) {
        static State of(TableLink link) {
            var counters = new HashMap<Long, Long>();
            for (Row row : link.query("select number, counter from drey.incarnation where not ended")) {
                counters.put(row.getLong(0), row.getLong(1));
            }
            return new State(link.number("select drey.last_position()"), counters);
        }
    }
}
