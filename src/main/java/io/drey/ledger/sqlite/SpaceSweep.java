// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.sqlite.Tombstones.Tombstone;
import java.sql.SQLException;

/**
 * Gives back what closed spaces hold. Records of a cleared one become tombstones, which history follows; a dropped one
 * goes with all it holds, and with the last space of a deleted store goes its log.
 */
final class SpaceSweep {
    private static final int SPACES_AT_ONCE = 100;

    private static final String NEXT = "select space, store, state from space where state in (1, 3) limit 1";
    private static final String RECORDS = "select key, version, payload from record where space = ? limit ?";
    private static final String DELETE_RECORD = "delete from record where space = ? and key = ?";
    private static final String DELETE_TOMBSTONES = "delete from tombstone where space = ?1 and key in"
            + " (select key from tombstone where space = ?1 limit ?2)";
    private static final String IS_LAST_OF_DELETED = "select not exists (select 1 from store where number = ?1)"
            + " and not exists (select 1 from space where store = ?1 and space <> ?2)";
    private static final String LOG = "select position, payload from log where store = ? and kind <> "
            + Kind.STORE_DELETED.ordinal() + " and position < ? limit ?";
    private static final String DELETE_LOG = "delete from log where position = ?";
    private static final String SWEPT = "update space set state = 2 where space = ?";
    private static final String DELETE = "delete from space where space = ?";

    private final Turn turn;
    private final Session session;
    private final int limit;

    SpaceSweep(Turn turn, int limit) {
        this.turn = turn;
        this.session = turn.session();
        this.limit = limit;
    }

    int run() throws SQLException {
        int removed = 0;
        for (int i = 0; i < SPACES_AT_ONCE && removed < limit; i++) {
            Space space = session.first(NEXT, row -> new Space(row.getLong(1), row.getLong(2), row.getInt(3)));
            if (space == null) {
                break;
            }
            removed += space.state() == Spaces.CLEARED
                    ? sweepCleared(space, limit - removed)
                    : sweepDropped(space, limit - removed);
        }
        return removed;
    }

    private int sweepCleared(Space space, int most) throws SQLException {
        int removed = removeRecords(space, most, true);
        if (removed < most) {
            session.update(SWEPT, space.number());
        }
        return removed;
    }

    private int sweepDropped(Space space, int most) throws SQLException {
        int removed = removeRecords(space, most, false);
        if (removed < most) {
            removed += session.update(DELETE_TOMBSTONES, space.number(), most - removed);
        }
        if (removed < most && session.number(IS_LAST_OF_DELETED, 0, space.store(), space.number()) == 1) {
            removed += removeLog(space.store(), most - removed);
        }
        if (removed < most) {
            session.update(DELETE, space.number());
        }
        return removed;
    }

    private int removeRecords(Space space, int most, boolean bury) throws SQLException {
        var records = session.all(
                RECORDS,
                row -> new Row(row.getBytes(1), row.getLong(2), Session.nullableLong(row, 3)),
                space.number(),
                most);
        for (Row record : records) {
            if (bury) {
                Tombstones.put(session, space.number(), record.key(), new Tombstone(record.position(), true));
            }
            session.update(DELETE_RECORD, space.number(), record.key());
            release(record);
        }
        return records.size();
    }

    private int removeLog(long store, int most) throws SQLException {
        var rows = session.all(
                LOG, row -> new Row(null, row.getLong(1), Session.nullableLong(row, 2)), store, turn.position(), most);
        for (Row row : rows) {
            session.update(DELETE_LOG, row.position());
            release(row);
        }
        return rows.size();
    }

    private void release(Row row) throws SQLException {
        if (row.payload() != null) {
            PayloadRows.refer(turn, row.payload(), -1);
        }
    }

    private record Space(long number, long store, int state) {}

    private record Row(byte[] key, long position, Long payload) {}
}
