// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Idempotent;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Answers.Answer;
import io.drey.model.Outcome;
import io.drey.partition.Command;
import io.drey.partition.OutcomeCodec;
import io.vertx.core.Future;
import java.util.ArrayDeque;
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
            return Future.succeededFuture(
                    first.part() == number
                            ? OutcomeCodec.decode(first.content(), first.version())
                                    .get(0)
                            : null);
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

    /** How many steps were done before. */
    Future<Integer> count() {
        return exhausted ? Future.succeededFuture(0) : count(1, 0);
    }

    private Future<Integer> count(int from, int sum) {
        return Idempotent.await(services, services.ledger().answers().parts(once.account(), once.key(), from, PAGE))
                .compose(answers -> answers.size() < PAGE
                        ? Future.succeededFuture(sum + answers.size())
                        : count(answers.get(PAGE - 1).part() + 1, sum + PAGE));
    }

    /** Keeps the reply for repeats when every step has its answer; else a repeat goes on with the rest. */
    Future<Reply> end(Reply reply, boolean complete) {
        if (once == null) {
            return Future.succeededFuture(reply);
        }
        return complete ? Idempotent.complete(services, once, reply) : Future.succeededFuture(reply.asRemembered());
    }
}
