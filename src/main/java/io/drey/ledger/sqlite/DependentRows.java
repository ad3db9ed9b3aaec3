// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Directory.Dependent;
import java.sql.SQLException;
import java.util.List;

/** Rows of what uses a store. */
final class DependentRows {
    private static final String ALL =
            "select name, description, url, kind from dependent where store = ? order by name";
    private static final String EXISTS = "select 1 from dependent where store = ? and name = ?";
    private static final String PUT =
            "insert or replace into dependent (store, name, description, url, kind) values (?, ?, ?, ?, ?)";
    private static final String DELETE = "delete from dependent where store = ? and name = ?";
    private static final String DELETE_ALL = "delete from dependent where store = ?";

    private DependentRows() {}

    static List<Dependent> all(Session session, long store) throws SQLException {
        return session.all(
                ALL,
                row -> new Dependent(row.getString(1), row.getString(2), row.getString(3), row.getString(4)),
                store);
    }

    /** Answers whether it was made. */
    static boolean put(Session session, long store, Dependent dependent) throws SQLException {
        boolean isNew = session.number(EXISTS, 0, store, dependent.name()) == 0;
        session.update(PUT, store, dependent.name(), dependent.description(), dependent.url(), dependent.kind());
        return isNew;
    }

    static boolean delete(Session session, long store, String name) throws SQLException {
        return session.update(DELETE, store, name) == 1;
    }

    static void deleteAll(Session session, long store) throws SQLException {
        session.update(DELETE_ALL, store);
    }
}
