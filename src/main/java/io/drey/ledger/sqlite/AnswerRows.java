// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Answers.Answer;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/** Rows of remembered answers. */
final class AnswerRows {
    private static final String COLUMNS = "account, key, part, fingerprint, version, content, created_at";
    private static final String EXISTS = "select 1 from answer where account = ? and key = ? and part = ?";
    private static final String FIND = "select " + COLUMNS + " from answer where account = ? and key = ? and part = ?";
    private static final String PARTS =
            "select " + COLUMNS + " from answer where account = ? and key = ? and part >= ? order by part limit ?";
    private static final String INSERT =
            "insert into answer (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?) on conflict do nothing";
    private static final String REPLACE =
            "insert or replace into answer (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?)";
    private static final String DELETE_PARTS = "delete from answer where account = ? and key = ? and part > 0";
    private static final String SWEEP = "delete from answer where (account, key, part) in"
            + " (select account, key, part from answer where created_at < ? order by created_at limit ?)";

    private AnswerRows() {}

    static boolean exists(Session session, Answer answer) throws SQLException {
        return session.number(EXISTS, 0, answer.account(), answer.key(), answer.part()) == 1;
    }

    static Answer find(Session session, long account, String key, int part) throws SQLException {
        return session.first(FIND, AnswerRows::answer, account, key, part);
    }

    static List<Answer> parts(Session session, long account, String key, int from, int limit) throws SQLException {
        return session.all(PARTS, AnswerRows::answer, account, key, from, limit);
    }

    /** Answers whether it was kept. */
    static boolean insert(Session session, Answer answer, long version) throws SQLException {
        return session.update(INSERT, values(answer, version)) == 1;
    }

    static void complete(Session session, Answer answer) throws SQLException {
        session.update(REPLACE, values(answer, answer.version()));
        session.update(DELETE_PARTS, answer.account(), answer.key());
    }

    static int sweep(Session session, long before, int limit) throws SQLException {
        return session.update(SWEEP, before, limit);
    }

    private static Object[] values(Answer answer, long version) {
        return new Object[] {
            answer.account(),
            answer.key(),
            answer.part(),
            answer.fingerprint(),
            version,
            answer.content(),
            answer.createdAt()
        };
    }

    private static Answer answer(ResultSet row) throws SQLException {
        return new Answer(
                row.getLong(1),
                row.getString(2),
                row.getInt(3),
                row.getBytes(4),
                row.getLong(5),
                row.getBytes(6),
                row.getLong(7));
    }
}
