// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Answers;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Remembered answers. */
final class SqliteAnswers implements Answers {
    private final Writer writer;
    private final Readers readers;

    SqliteAnswers(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public CompletionStage<Answer> find(long account, String key, int part) {
        return readers.read(session -> AnswerRows.find(session, account, key, part));
    }

    @Override
    public CompletionStage<List<Answer>> parts(long account, String key, int from, int limit) {
        return readers.read(session -> AnswerRows.parts(session, account, key, from, limit));
    }

    // On a full disk these still go: a deletion with an idempotency key must be able to keep its answer.

    @Override
    public CompletionStage<Boolean> remember(Answer answer) {
        return writer.commit(false, turn -> AnswerRows.insert(turn.session(), answer, answer.version()));
    }

    @Override
    public CompletionStage<Void> complete(Answer answer) {
        return writer.commit(false, turn -> {
            AnswerRows.complete(turn.session(), answer);
            return null;
        });
    }

    @Override
    public CompletionStage<Integer> sweep(long before, int limit) {
        return writer.background(false, turn -> AnswerRows.sweep(turn.session(), before, limit));
    }
}
