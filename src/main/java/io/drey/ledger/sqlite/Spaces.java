// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.sql.SQLException;

/** Spaces: which are current, and what became of the others. */
final class Spaces {
    static final int CURRENT = 0;
    /** Its records are yet to become tombstones. */
    static final int CLEARED = 1;
    /** Kept for history. */
    static final int SWEPT = 2;
    /** To be removed with all it holds. */
    static final int DROPPED = 3;

    private static final String IS_CURRENT = "select 1 from space where space = ? and state = 0";
    private static final String OPEN = "insert into space (store, state, opened_at) values (?, 0, ?)";
    private static final String CLEAR = "update space set state = 1, cleared_at = ? where space = ?";
    private static final String DROP_ALL = "update space set state = 3 where store = ?";
    private static final String FORGET = "update space set state = 3 where store = ? and cleared_at = ?";

    private Spaces() {}

    static boolean isCurrent(Session session, long space) throws SQLException {
        return session.number(IS_CURRENT, 0, space) == 1;
    }

    /** Gives the store a new space; positions in it are above {@code position}. */
    static long open(Session session, long store, long position) throws SQLException {
        session.update(OPEN, store, position);
        return session.insertedId();
    }

    static void clear(Session session, long space, long position) throws SQLException {
        session.update(CLEAR, position, space);
    }

    static void dropAll(Session session, long store) throws SQLException {
        session.update(DROP_ALL, store);
    }

    /** The log no longer has the clear at this position, so nothing leads to that space any more. */
    static void forget(Session session, long store, long position) throws SQLException {
        session.update(FORGET, store, position);
    }
}
