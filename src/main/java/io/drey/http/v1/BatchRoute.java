// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.Idempotent;
import io.drey.http.Loop;
import io.drey.http.Problem;
import io.drey.http.Problems;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.model.MediaType;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.Outcome.Done;
import io.drey.model.Value;
import io.drey.partition.BatchOutcome;
import io.drey.partition.Command;
import io.drey.partition.OutcomeCodec;
import io.drey.store.OpenStore;
import io.drey.store.StoreRecords.Keyed;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;

/** Several operations in one request: each for itself, or all of them or none. */
final class BatchRoute {
    private static final int SIDE_BY_SIDE = 256;

    private final Services services;
    private final Access access;
    private final OutcomeReply replies;

    BatchRoute(Services services, Access access) {
        this.services = services;
        this.access = access;
        this.replies = new OutcomeReply(services);
    }

    Future<Reply> run(Exchange exchange) {
        return access.store(exchange).compose(store -> {
            JsonBodies.requireJson(exchange);
            var digest = Idempotent.digest(exchange);
            return exchange.body(services.limits().batchBytes(), "The batch").compose(bytes -> {
                if (digest != null) {
                    digest.update(bytes);
                }
                var batch = BatchBody.parse(bytes, services.limits());
                batch.operations().forEach(keyed -> count(store, keyed));
                return Idempotent.run(
                        exchange,
                        services,
                        digest,
                        (once, resumed) -> batch.atomic()
                                ? atomic(exchange, store, batch, once)
                                : new Each(exchange, store, batch, new Parts(services, once, resumed)).start(),
                        answer -> results(batch, OutcomeCodec.decode(answer.content(), answer.version()))
                                .map(Reply::asRemembered));
            });
        });
    }

    private void count(OpenStore store, Keyed keyed) {
        long now = services.ledger().now();
        switch (keyed.operation().kind()) {
            case GET -> store.countRead(now);
            case DELETE -> store.countDelete(now);
            default -> store.countWrite(now);
        }
    }

    private static boolean isAllowed(Exchange exchange, OpenStore store, Keyed keyed) {
        var principal = exchange.principal();
        return keyed.operation().kind() == Operation.Kind.GET
                ? principal.mayRead(store.id(), keyed.key())
                : principal.mayWrite(store.id(), keyed.key());
    }

    private Future<Reply> atomic(Exchange exchange, OpenStore store, BatchBody batch, Command.Once once) {
        for (int index = 0; index < batch.operations().size(); index++) {
            if (!isAllowed(exchange, store, batch.operations().get(index))) {
                throw Problem.forbidden("The token has no scope for this key.")
                        .with("index", index)
                        .exception();
            }
        }
        if (batch.operations().isEmpty()) {
            return results(batch, List.of());
        }
        return services.records()
                .executeAtomically(store, batch.operations(), once)
                .compose(outcome -> {
                    if (outcome instanceof BatchOutcome.Refused refused) {
                        var key = batch.operations().get(refused.index()).key();
                        var problem = Problems.of(refused.outcome(), key).with("index", refused.index());
                        return Future.succeededFuture(Reply.of(problem));
                    }
                    var applied = ((BatchOutcome.Applied) outcome).outcomes();
                    boolean changed = applied.stream().anyMatch(one -> one instanceof Done done && done.changed());
                    return results(batch, applied).map(reply -> changed ? reply.asRemembered() : reply);
                });
    }

    private Future<Reply> results(BatchBody batch, List<Outcome> all) {
        var rendered = new ArrayList<Future<byte[]>>();
        for (int index = 0; index < all.size(); index++) {
            rendered.add(rendered(batch.operations().get(index), all.get(index)));
        }
        return Future.all(rendered).map(done -> reply(done.list()));
    }

    private static Reply reply(List<byte[]> results) {
        var json = new JsonOut().object().array("results");
        results.forEach(json::raw);
        return Reply.bytes(200, MediaType.JSON, json.endArray().endObject().bytes());
    }

    private Future<byte[]> rendered(Keyed keyed, Outcome outcome) {
        var result = result(keyed, outcome);
        return outcome instanceof Done done ? OutcomeReply.afterChange(done, result) : result;
    }

    private Future<byte[]> result(Keyed keyed, Outcome outcome) {
        if (keyed.operation().kind() == Operation.Kind.GET && outcome instanceof Outcome.NotFound) {
            var json = new JsonOut().object().number("status", 404).nul("value").nul("version");
            return Future.succeededFuture(json.endObject().bytes());
        }
        if (!(outcome instanceof Done done)) {
            return Future.succeededFuture(Problems.of(outcome, keyed.key()).toBytes());
        }
        var operation = keyed.operation();
        return switch (operation.kind()) {
            case GET -> found(done);
            case PUT ->
                Future.succeededFuture(new JsonOut()
                        .object()
                        .number("status", done.created() ? 201 : 204)
                        .number("version", done.entry().version())
                        .endObject()
                        .bytes());
            case DELETE ->
                Future.succeededFuture(
                        new JsonOut().object().number("status", 204).endObject().bytes());
            case INCREMENT, COMPARE_AND_SET, SET_CHILDREN, REMOVE_CHILDREN, PUSH, POP, GET_OR_CREATE, TOUCH ->
                replies.value(done).map(value -> OutcomeReply.members(
                                new JsonOut().object().number("status", 200), operation, done, value)
                        .endObject()
                        .bytes());
            case EXPIRE, MERGE, PATCH -> throw new IllegalArgumentException("not in a batch");
        };
    }

    private Future<byte[]> found(Done done) {
        var entry = done.entry();
        long max = services.limits().pageBytes();
        if (entry.value().size() > max) {
            return Future.succeededFuture(Problem.tooLarge(
                            "A value in the answer of a batch",
                            max,
                            entry.value().size())
                    .toBytes());
        }
        Future<byte[]> bytes = entry.value() instanceof Value.Inline inline
                ? Future.succeededFuture(inline.bytes())
                : services.records().bytes((Value.Stored) entry.value());
        return bytes.map(value -> {
            var json = new JsonOut().object().number("status", 200);
            json = MediaType.isJson(entry.contentType()) ? json.raw("value", value) : json.base64("base64", value);
            return json.text("contentType", entry.contentType())
                    .number("version", entry.version())
                    .endObject()
                    .bytes();
        });
    }

    /** A batch whose operations stand for themselves, while it runs. */
    private final class Each {
        private final Exchange exchange;
        private final OpenStore store;
        private final BatchBody batch;
        private final Parts parts;
        private final Window window = new Window(SIDE_BY_SIDE);
        private final byte[][] results;
        private final Outcome[] outcomes;
        private int next;
        private boolean complete = true;

        Each(Exchange exchange, OpenStore store, BatchBody batch, Parts parts) {
            this.exchange = exchange;
            this.store = store;
            this.batch = batch;
            this.parts = parts;
            this.results = new byte[batch.operations().size()][];
            this.outcomes = new Outcome[results.length];
        }

        Future<Reply> start() {
            return parts.begin()
                    .compose(v -> Loop.run(this::step))
                    .compose(v -> window.idle())
                    .compose(v -> complete ? Future.succeededFuture() : noteUnchanged())
                    .compose(v -> parts.end(reply(List.of(results)), complete));
        }

        private Future<Void> step() {
            if (next == results.length) {
                return Loop.END;
            }
            int index = next++;
            var before = parts.done(index + 1);
            if (before.succeeded()) {
                run(index, before.result());
                return window.room();
            }
            return before.compose(outcome -> {
                run(index, outcome);
                var room = window.room();
                return room == null ? Future.succeededFuture() : room;
            });
        }

        private void run(int index, Outcome before) {
            var keyed = batch.operations().get(index);
            if (!isAllowed(exchange, store, keyed)) {
                results[index] = Problem.forbidden("The token has no scope for this key.")
                        .toBytes();
                return;
            }
            window.run(keyed.key(), () -> outcome(keyed, index, before)
                    .compose(outcome -> {
                        outcomes[index] = before == null ? outcome : null;
                        return rendered(keyed, outcome);
                    })
                    .onSuccess(result -> results[index] = result)
                    .onFailure(failure -> {
                        complete = false;
                        results[index] = Problems.ofFailure(failure).toBytes();
                    }));
        }

        private Future<Outcome> outcome(Keyed keyed, int index, Outcome before) {
            if (before != null) {
                return Future.succeededFuture(before);
            }
            var part = part(keyed, index);
            var tried = services.records().execute(store, keyed.key(), keyed.operation(), part);
            return part == null ? tried : parts.done(index + 1, tried);
        }

        /** A repeat is to get the same answers, also where a second try would find something to do. */
        private Future<Void> noteUnchanged() {
            var next = new int[] {0};
            return Loop.run(() -> {
                int index = next[0]++;
                if (index == outcomes.length || parts.part(index + 1) == null) {
                    return Loop.END;
                }
                boolean changed = outcomes[index] instanceof Done done && done.changed();
                return outcomes[index] == null || changed ? null : parts.note(index + 1, outcomes[index]);
            });
        }

        private Command.Once part(Keyed keyed, int index) {
            return keyed.operation().kind() == Operation.Kind.GET ? null : parts.part(index + 1);
        }
    }
}
