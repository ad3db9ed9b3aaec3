// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.ChangeLog;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What happened, in order. Of a deleted store only its deletion is told, from that instant on. */
final class PostgresChangeLog implements ChangeLog {
    private static final int TRIM_ROWS = 500;
    private static final long TRIM_BYTES = 4L << 20;

    private static final String HISTORY =
            "select " + LogEntryRow.WITH_VALUE + " from drey.history($1, $2, $3, $4) l order by l.position desc";
    private static final String FIND = "select " + LogEntryRow.WITH_VALUE + " from drey.log l"
            + " where l.position = $1 and l.store = $2 and l.key = $3"
            + " and exists (select 1 from drey.store s where s.number = l.store)";
    private static final String VISIBLE = " l.position > $1 and (l.kind = " + Kind.STORE_DELETED.ordinal()
            + " or exists (select 1 from drey.store s where s.number = l.store)) order by l.position limit $2";
    private static final String OF_ALL = " from drey.log l where" + VISIBLE;
    private static final String OF_ONE = " from drey.log l where l.store = $3 and" + VISIBLE;
    private static final String POSITIONS = "select p.operation_id, p.position from drey.positions($1, $2) p";
    private static final String RANGE = "select r.first, r.last from drey.log_range() r";
    private static final String TRIM = "select drey.trim_log($1, $2, $3, $4, $5, $6)";

    private final Database database;

    PostgresChangeLog(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<List<LogEntry>> history(long store, byte[] key, long before, int limit) {
        return database.page(
                HISTORY, Tuple.of(store, Buffer.buffer(key), before, limit), Stages.all(LogEntryRow::entry));
    }

    @Override
    public CompletionStage<LogEntry> find(long store, byte[] key, long version) {
        return database.read(FIND, Tuple.of(version, store, Buffer.buffer(key)), Stages.first(LogEntryRow::entry));
    }

    @Override
    public CompletionStage<List<LogEntry>> read(long store, long position, int limit, boolean values) {
        String columns = "select " + (values ? LogEntryRow.WITH_VALUE : LogEntryRow.COLUMNS);
        return store == 0
                ? database.page(columns + OF_ALL, Tuple.of(position, (long) limit), Stages.all(LogEntryRow::entry))
                : database.page(
                        columns + OF_ONE, Tuple.of(position, (long) limit, store), Stages.all(LogEntryRow::entry));
    }

    @Override
    public CompletionStage<Map<Long, Long>> positions(Collection<Long> operationIds, long after) {
        return database.page(POSITIONS, Tuple.of(operationIds.toArray(Long[]::new), after), rows -> {
            var found = new HashMap<Long, Long>();
            rows.forEach(row -> found.put(row.getLong(0), row.getLong(1)));
            return found;
        });
    }

    @Override
    public CompletionStage<Range> range() {
        return database.read(RANGE, Tuple.tuple(), Stages.first(row -> new Range(row.getLong(0), row.getLong(1))));
    }

    @Override
    public CompletionStage<Integer> trim(long before, long bytesMax) {
        return database.background(
                TRIM,
                Tuple.of(database.server(), database.now(), before, bytesMax, TRIM_ROWS, TRIM_BYTES),
                Stages.first(row -> row.getInteger(0)));
    }
}
