// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.sql.SQLException;

/** Where the history of an absent key begins: its newest log row. */
final class Tombstones {
    private static final String FIND = "select position, alive from tombstone where space = ? and key = ?";
    private static final String PUT =
            "insert or replace into tombstone (space, key, position, alive) values (?, ?, ?, ?)";
    private static final String REMOVE = "delete from tombstone where space = ? and key = ?";
    private static final String TRIM =
            "delete from tombstone where space = ? and key = ? and position = ? and alive = 0";

    private Tombstones() {}

    /** Null when the key has none. */
    static Tombstone find(Session session, long space, byte[] key) throws SQLException {
        return session.first(FIND, row -> new Tombstone(row.getLong(1), row.getInt(2) == 1), space, key);
    }

    static void put(Session session, long space, byte[] key, Tombstone tombstone) throws SQLException {
        session.update(PUT, space, key, tombstone.position(), tombstone.alive() ? 1 : 0);
    }

    static void remove(Session session, long space, byte[] key) throws SQLException {
        session.update(REMOVE, space, key);
    }

    /** The log row it points to goes. One of a key that a clear removed stays: it still tells of the clear. */
    static void trim(Session session, long space, byte[] key, long position) throws SQLException {
        session.update(TRIM, space, key, position);
    }

    /**
     * @param position of the key's newest log row
     * @param alive whether the key was there when its space was cleared
     */
    record Tombstone(long position, boolean alive) {}
}
