// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Idempotent;
import io.drey.http.Loop;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Answers.Answer;
import io.drey.model.Outcome;
import io.drey.partition.Command;
import io.drey.partition.Failure;
import io.drey.partition.OutcomeCodec;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/**
 * The steps of a request that bears an idempotency key and makes many changes: each is remembered with its change, so
 * that a repeat after a break finishes the rest and does no step twice. Steps are asked for in the order of their
 * numbers, from 1. Without a key there is nothing to remember.
 */
final class Parts {
    private static final int PAGE = 1_000;

    private final Services services;
    private final Command.Once once;
    private final boolean resumed;
    private final Queue<Answer> known = new ArrayDeque<>();
    private boolean exhausted;
    private int count;
    private int highest;

    Parts(Services services, Command.Once once, boolean resumed) {
        this.services = services;
        this.once = once;
        this.resumed = resumed;
        this.exhausted = !resumed;
    }

    /** Notes that the request has begun. */
    Future<Void> begin() {
        return once == null || resumed ? Future.succeededFuture() : Idempotent.begun(services, once);
    }

    Command.Once part(int number) {
        return once == null ? null : once.part(number);
    }

    /** Null when the step was not done before; at once, or after a look into the ledger. */
    Future<Outcome> done(int number) {
        while (!known.isEmpty() && known.peek().part() < number) {
            known.poll();
        }
        if (!known.isEmpty()) {
            var first = known.peek();
            return Future.succeededFuture(first.part() == number ? outcome(first) : null);
        }
        if (exhausted) {
            return Future.succeededFuture(null);
        }
        var page = services.ledger().answers().parts(once.account(), once.key(), number, PAGE);
        return Idempotent.await(services, page).compose(answers -> {
            known.addAll(answers);
            exhausted = answers.size() < PAGE;
            return done(number);
        });
    }

    /** The outcome of a step that was tried; one that another try had done meanwhile has that try's. */
    Future<Outcome> done(int number, Future<Outcome> tried) {
        if (once == null) {
            return tried;
        }
        return tried.recover(failure -> {
            if (!(failure instanceof Failure known) || known.kind() != Failure.Kind.ALREADY_ANSWERED) {
                return Future.failedFuture(failure);
            }
            var answer = services.ledger().answers().find(once.account(), once.key(), number);
            return Idempotent.await(services, answer)
                    .compose(found ->
                            found == null ? Future.failedFuture(failure) : Future.succeededFuture(outcome(found)));
        });
    }

    private static Outcome outcome(Answer answer) {
        return OutcomeCodec.decode(answer.content(), answer.version()).get(0);
    }

    /** What was done before; not to be mixed with {@link #done(int)}. */
    Future<Before> before() {
        return Loop.run(() -> {
                    if (exhausted) {
                        return Loop.END;
                    }
                    var page = services.ledger().answers().parts(once.account(), once.key(), highest + 1, PAGE);
                    return Idempotent.await(services, page)
                            .onSuccess(this::count)
                            .mapEmpty();
                })
                .map(v -> new Before(count, highest));
    }

    private void count(List<Answer> page) {
        count += page.size();
        highest = page.isEmpty() ? highest : page.get(page.size() - 1).part();
        exhausted = page.size() < PAGE;
    }

    /** Remembers the outcome of a step that changed nothing, for the repeat of a request that was not completed. */
    Future<Void> note(int number, Outcome outcome) {
        var version = outcome instanceof Outcome.Done done && done.entry() != null
                ? done.entry().version()
                : 0;
        var answer = new Answer(
                once.account(),
                once.key(),
                number,
                once.fingerprint(),
                version,
                OutcomeCodec.encode(outcome),
                services.ledger().now());
        return Idempotent.await(services, services.ledger().answers().remember(answer))
                .mapEmpty();
    }

    /** Keeps the reply for repeats when every step has its answer; else a repeat goes on with the rest. */
    Future<Reply> end(Reply reply, boolean complete) {
        if (once == null) {
            return Future.succeededFuture(reply);
        }
        return complete ? Idempotent.complete(services, once, reply) : Future.succeededFuture(reply.asRemembered());
    }

    /** How many steps were done before, and the highest number among them. */
    record Before(int count, int highest) {}
}
