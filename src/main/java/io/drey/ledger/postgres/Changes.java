// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Once;
import io.drey.ledger.LedgerException.Unavailable;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Makes changes of the directory, each in one call of one function, and with it keeps the answer to the request that
 * asked for it.
 *
 * <p>The answer is made of the result, here, but must be committed with the change, there, and no transaction may wait
 * for a second message. So what the change would come to is read first, the answer is made of that, and the function
 * makes the change only if it comes to the same; else all of this is done again. Only what decides is compared. What an
 * answer merely tells beside it, such as counts of use, is as of that reading, which lies between request and answer.
 * A change that is announced by a mark is soon alone, so that one repetition is rare already.
 *
 * <p>Not taken: a template that the database fills in, since it would have to know the form of answers; and keeping the
 * answer in a call of its own, since a crash between the two would have the change made twice.
 */
final class Changes {
    private static final String MEANWHILE = "meanwhile";

    private static final int TRIES = 1_000;
    private static final List<String> ANSWER_TYPES = List.of("bigint", "text", "bytea", "bigint", "bytea");
    private static final List<Object> NO_ANSWER = Collections.nCopies(ANSWER_TYPES.size(), null);

    private final Database database;

    Changes(Database database) {
        this.database = database;
    }

    <T> CompletionStage<T> make(Change<T> change, Once<T> once) {
        if (once == null) {
            var foreseen = Collections.<Object>nCopies(change.foreseenValues(), null);
            return Stages.bare(call(change, foreseen, NO_ANSWER).thenApply(change::result));
        }
        return Stages.bare(make(change, once, TRIES));
    }

    private <T> CompletionStage<T> make(Change<T> change, Once<T> once, int tries) {
        return change.foresee().thenCompose(foreseen -> call(change, foreseen.values(), answer(once, foreseen.result()))
                .thenCompose(rows -> {
                    if (!isMeanwhile(rows)) {
                        return CompletableFuture.completedStage(change.result(rows, foreseen.result()));
                    }
                    return tries > 1
                            ? make(change, once, tries - 1)
                            : CompletableFuture.failedStage(
                                    new Unavailable("what is to be changed is never the same; try again", null));
                }));
    }

    /** The composed type that functions take; an answer of null is not kept, but its key is looked for all the same. */
    private static <T> List<Object> answer(Once<T> once, T result) {
        byte[] content;
        try {
            content = once.content().apply(result);
        } catch (RuntimeException e) {
            throw new CompletionException(new Unavailable("the answer could not be made: " + e, e));
        }
        return Arrays.asList(
                once.account(),
                once.key(),
                AnswerRow.buffer(once.fingerprint()),
                once.now(),
                AnswerRow.buffer(content));
    }

    private static boolean isMeanwhile(RowSet<Row> rows) {
        return MEANWHILE.equals(rows.iterator().next().getString(0));
    }

    private CompletionStage<RowSet<Row>> call(Change<?> change, List<Object> foreseen, List<Object> answer) {
        var values = new ArrayList<Object>();
        values.add(database.server());
        values.addAll(change.values());
        values.addAll(foreseen);
        int plain = values.size();
        values.addAll(answer);
        String sql = "select " + change.columns() + " from drey." + change.function() + "("
                + places(1, plain, place -> "$" + place) + ", row("
                + places(plain + 1, values.size(), place -> "$" + place + "::" + ANSWER_TYPES.get(place - plain - 1))
                + ")::drey.once) f";
        return database.write(sql, Tuple.tuple(values), rows -> rows);
    }

    private static String places(int first, int last, IntFunction<String> place) {
        return IntStream.rangeClosed(first, last).mapToObj(place).collect(Collectors.joining(", "));
    }
}
