// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.sql.SQLException;

/** Single numbers that the database keeps. */
final class Meta {
    /** 1 when the last close was orderly. */
    static final String CLEAN = "clean";
    /** Positions begin above it. */
    static final String POSITION_FLOOR = "position-floor";
    /** Time does not go below it. */
    static final String TIME_FLOOR = "time-floor";
    /** The last position that was trimmed away. */
    static final String TRIMMED = "trimmed";
    /** Written to overwrite the remains of a failed commit. */
    static final String SEAL = "seal";

    static final String PUT =
            "insert into meta (name, value) values (?, ?)" + " on conflict (name) do update set value = excluded.value";

    private static final String GET = "select value from meta where name = ?";

    private Meta() {}

    static long get(Session session, String name) throws SQLException {
        return session.number(GET, 0, name);
    }

    static void put(Session session, String name, long value) throws SQLException {
        session.update(PUT, name, value);
    }
}
