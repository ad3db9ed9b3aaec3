// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.NewToken;
import io.drey.ledger.Directory.Token;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Rows of tokens. */
final class TokenRows {
    private static final String SELECT = "select t.id, t.hash, t.name, a.number, a.id, a.name, t.scopes, t.created_at,"
            + " t.expires_at, t.last_used_at from token t join account a on a.number = t.account where ";
    private static final String BY_HASH = SELECT + "t.hash = ?";
    private static final String OF_ACCOUNT = SELECT + "t.account = ? order by t.created_at, t.id";
    private static final String INSERT = "insert into token (id, hash, name, account, scopes, created_at, expires_at,"
            + " last_used_at) values (?, ?, ?, ?, ?, ?, ?, 0)";
    private static final String DELETE = "delete from token where account = ? and id = ?";
    private static final String USE = "update token set last_used_at = max(last_used_at, ?) where id = ?";

    private TokenRows() {}

    static Token insert(Session session, NewToken token) throws SQLException {
        session.update(
                INSERT,
                token.id(),
                token.hash(),
                token.name(),
                token.account().number(),
                token.scopes(),
                token.now(),
                token.expiresAt());
        return new Token(
                token.id(),
                token.hash(),
                token.name(),
                token.account(),
                token.scopes(),
                token.now(),
                token.expiresAt(),
                0,
                false);
    }

    static Token byHash(Session session, byte[] hash) throws SQLException {
        return session.first(BY_HASH, TokenRows::token, hash);
    }

    static List<Token> ofAccount(Session session, long account) throws SQLException {
        return session.all(OF_ACCOUNT, TokenRows::token, account);
    }

    static boolean delete(Session session, long account, String id) throws SQLException {
        return session.update(DELETE, account, id) == 1;
    }

    static void use(Session session, String id, long usedAt) throws SQLException {
        session.update(USE, usedAt, id);
    }

    private static Token token(ResultSet row) throws SQLException {
        return new Token(
                row.getString(1),
                row.getBytes(2),
                row.getString(3),
                new Account(row.getLong(4), row.getString(5), row.getString(6)),
                row.getString(7),
                row.getLong(8),
                row.getLong(9),
                row.getLong(10),
                false);
    }
}
