// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog.Kind;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Removes the oldest rows of the log, some at a time, with what only they led to. */
final class LogTrim {
    private static final int ROWS_AT_ONCE = 1_000;
    private static final long BYTES_AT_ONCE = 8L << 20;

    private static final String OLDEST = "select position, store, space, key, kind, time, payload, weight from log"
            + " where position < ? order by position limit " + ROWS_AT_ONCE;
    private static final String DELETE = "delete from log where position <= ?";

    private final Turn turn;
    private final Session session;
    private final long before;
    private final long bytesMax;

    LogTrim(Turn turn, long before, long bytesMax) {
        this.turn = turn;
        this.session = turn.session();
        this.before = before;
        this.bytesMax = bytesMax;
    }

    int run() throws SQLException {
        long end = 0;
        long firstWeight = -1;
        int count = 0;
        for (Oldest row : session.all(OLDEST, LogTrim::oldest, turn.position())) {
            boolean goes = row.time() < before || turn.weight() - row.weight() > bytesMax;
            if (!goes || count > 0 && row.weight() - firstWeight > BYTES_AT_ONCE) {
                break;
            }
            firstWeight = count == 0 ? row.weight() : firstWeight;
            letGo(row);
            end = row.position();
            count++;
        }
        if (count > 0) {
            session.update(DELETE, end);
            Meta.put(session, Meta.TRIMMED, end);
        }
        return count;
    }

    private void letGo(Oldest row) throws SQLException {
        if (row.payload() != null) {
            PayloadRows.refer(turn, row.payload(), -1);
        }
        if (row.kind() == Kind.STORE_CLEARED.ordinal()) {
            Spaces.forget(session, row.store(), row.position());
        } else if (row.key() != null) {
            Tombstones.trim(session, row.space(), row.key(), row.position());
        }
    }

    private static Oldest oldest(ResultSet row) throws SQLException {
        return new Oldest(
                row.getLong(1),
                row.getLong(2),
                row.getLong(3),
                row.getBytes(4),
                row.getInt(5),
                row.getLong(6),
                Session.nullableLong(row, 7),
                row.getLong(8));
    }

    private record Oldest(
            long position, long store, long space, byte[] key, int kind, long time, Long payload, long weight) {}
}
