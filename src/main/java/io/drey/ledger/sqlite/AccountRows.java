// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Directory.Account;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Rows of accounts. */
final class AccountRows {
    private static final String FIND = "select number, id, name from account where name = ?";
    private static final String INSERT = "insert into account (id, name) values (?, ?)";

    private AccountRows() {}

    /** Null when there is none. */
    static Account find(Session session, String name) throws SQLException {
        return session.first(FIND, AccountRows::account, name);
    }

    /** The account of that name, made where there is none. */
    static Account findOrMake(Session session, String name) throws SQLException {
        Account account = find(session, name);
        if (account != null) {
            return account;
        }
        String id = Randomness.id();
        session.update(INSERT, id, name);
        return new Account(session.insertedId(), id, name);
    }

    private static Account account(ResultSet row) throws SQLException {
        return new Account(row.getLong(1), row.getString(2), row.getString(3));
    }
}
