// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Answers;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Remembered answers. */
final class PostgresAnswers implements Answers {
    private static final String SELECT =
            "select " + AnswerRow.COLUMNS + " from drey.answer a where a.account = $1 and a.key = $2";
    private static final String FIND = SELECT + " and a.part = $3";
    private static final String PARTS = SELECT + " and a.part >= $3 order by a.part limit $4";
    private static final String REMEMBER = "select drey.remember_answer($1, $2, $3, $4, $5, $6, $7, $8)";
    private static final String COMPLETE = "select drey.complete_answer($1, $2, $3, $4, $5, $6, $7, $8)";
    private static final String SWEEP = "select drey.sweep_answers($1, $2, $3)";

    private final Database database;

    PostgresAnswers(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<Answer> find(long account, String key, int part) {
        return database.read(FIND, Tuple.of(account, key, part), Stages.first(AnswerRow::answer));
    }

    @Override
    public CompletionStage<List<Answer>> parts(long account, String key, int from, int limit) {
        return database.read(PARTS, Tuple.of(account, key, from, (long) limit), Stages.all(AnswerRow::answer));
    }

    @Override
    public CompletionStage<Boolean> remember(Answer answer) {
        return database.write(
                REMEMBER, AnswerRow.values(database.server(), answer), Stages.first(row -> row.getBoolean(0)));
    }

    @Override
    public CompletionStage<Void> complete(Answer answer) {
        return database.write(COMPLETE, AnswerRow.values(database.server(), answer), Stages::nothing);
    }

    @Override
    public CompletionStage<Integer> sweep(long before, int limit) {
        return database.background(
                SWEEP, Tuple.of(database.server(), before, limit), Stages.first(row -> row.getInteger(0)));
    }
}
