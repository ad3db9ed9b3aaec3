// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** What happened, in order. Of a deleted store only its deletion is told, from that instant on. */
final class SqliteChangeLog implements ChangeLog {
    private static final String IS_STORE = "select 1 from store where number = ?";
    private static final String OPERATIONS = "select operation_id, position from log where position > ?";
    private static final String LAST = "select max(position) from log";
    private static final String VISIBLE =
            " (kind = " + Kind.STORE_DELETED.ordinal() + " or exists (select 1 from store where number = log.store))";

    private final Writer writer;
    private final Readers readers;

    SqliteChangeLog(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public CompletionStage<List<LogEntry>> history(long store, byte[] key, long before, int limit) {
        return readers.read(session ->
                isStore(session, store) ? new HistoryReader(session, store, key, before, limit).read() : List.of());
    }

    @Override
    public CompletionStage<LogEntry> find(long store, byte[] key, long version) {
        return readers.read(session -> {
            LogRow row = LogRows.at(session, version);
            boolean fits = row != null
                    && row.entry().store() == store
                    && Arrays.equals(row.entry().key(), key)
                    && isStore(session, store);
            return fits ? row.entry() : null;
        });
    }

    @Override
    public CompletionStage<List<LogEntry>> read(long store, long position, int limit, boolean values) {
        String columns = "select " + LogRows.COLUMNS + (values ? ", value" : "") + " from log where";
        Session.Row<LogEntry> row = result -> LogRows.row(result, values).entry();
        return store == 0
                ? readers.read(session -> session.all(
                        columns + " position > ? and" + VISIBLE + " order by position limit ?", row, position, limit))
                : readers.read(session -> session.all(
                        columns + " store = ? and position > ? and" + VISIBLE + " order by position limit ?",
                        row,
                        store,
                        position,
                        limit));
    }

    @Override
    public CompletionStage<Map<Long, Long>> positions(Collection<Long> operationIds, long after) {
        var wanted = Set.copyOf(operationIds);
        return readers.read(session -> {
            var found = new HashMap<Long, Long>();
            for (long[] row : session.all(OPERATIONS, row -> new long[] {row.getLong(1), row.getLong(2)}, after)) {
                if (wanted.contains(row[0])) {
                    found.put(row[0], row[1]);
                }
            }
            return found;
        });
    }

    @Override
    public CompletionStage<Range> range() {
        return readers.read(session -> {
            long floor = Meta.get(session, Meta.POSITION_FLOOR);
            return new Range(Meta.get(session, Meta.TRIMMED) + 1, Math.max(floor, session.number(LAST, 0)));
        });
    }

    @Override
    public CompletionStage<Integer> trim(long before, long bytesMax) {
        return writer.background(false, turn -> new LogTrim(turn, before, bytesMax).run());
    }

    private static boolean isStore(Session session, long store) throws SQLException {
        return session.number(IS_STORE, 0, store) == 1;
    }
}
