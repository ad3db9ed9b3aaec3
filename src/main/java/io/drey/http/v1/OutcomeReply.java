// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.Problems;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.model.Entry;
import io.drey.model.MediaType;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.Outcome.Detail;
import io.drey.model.Outcome.Done;
import io.drey.model.Value;
import io.drey.partition.Failure;
import io.vertx.core.Future;

/** The answers to writes of one record. */
final class OutcomeReply {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private final Services services;

    OutcomeReply(Services services) {
        this.services = services;
    }

    Future<Reply> reply(Exchange exchange, Operation operation, Outcome outcome, byte[] key) {
        if (!(outcome instanceof Done done)) {
            return Future.succeededFuture(Reply.of(Problems.of(outcome, key)));
        }
        var reply =
                switch (operation.kind()) {
                    case PUT -> Future.succeededFuture(Reply.empty(done.created() ? 201 : 204));
                    case DELETE -> deleted(exchange, done);
                    case MERGE, PATCH ->
                        value(done)
                                .map(json -> Reply.bytes(
                                        done.created() ? 201 : 200, done.entry().contentType(), json));
                    case INCREMENT, COMPARE_AND_SET, SET_CHILDREN, REMOVE_CHILDREN, PUSH, POP, GET_OR_CREATE, TOUCH ->
                        value(done)
                                .map(json -> Reply.bytes(
                                        200,
                                        MediaType.JSON,
                                        members(new JsonOut().object(), operation, done, json)
                                                .endObject()
                                                .bytes()));
                    case GET, EXPIRE -> throw new IllegalArgumentException("no request of its own");
                };
        return afterChange(done, reply).map(made -> {
            var tagged =
                    done.entry() == null ? made : made.withVersion(done.entry().version());
            return done.changed() ? tagged.asRemembered() : tagged;
        });
    }

    /** Once a change is committed no failure may say any longer that nothing happened. */
    static <T> Future<T> afterChange(Done done, Future<T> rendered) {
        return done.changed()
                ? rendered.recover(failure -> Future.failedFuture(new Failure(
                        Failure.Kind.UNKNOWN, "The change is committed, but its answer could not be read.")))
                : rendered;
    }

    /** Writes what an operation tells into an object that is open: alone or in a batch. */
    static JsonOut members(JsonOut out, Operation operation, Done done, byte[] json) {
        out.raw("value", json);
        out.numberOrNull("version", done.entry() == null ? 0 : done.entry().version(), 0);
        switch (operation.kind()) {
            case COMPARE_AND_SET -> out.bool("applied", ((Detail.Applied) done.detail()).applied());
            case POP -> out.tree("popped", ((Detail.Popped) done.detail()).element());
            case GET_OR_CREATE -> out.bool("created", done.created());
            case TOUCH -> out.timeOrNull("expiresAt", done.entry().expiresAt());
            case GET, PUT, DELETE, EXPIRE, MERGE, PATCH, INCREMENT, SET_CHILDREN, REMOVE_CHILDREN, PUSH -> {}
        }
        return out;
    }

    /** The JSON value afterwards; {@code null} when the record is absent, not JSON, or too large to be worked on. */
    Future<byte[]> value(Done done) {
        var entry = done.entry();
        if (entry == null || !MediaType.isJson(entry.contentType())) {
            return Future.succeededFuture(NULL);
        }
        return bytes(entry, services.limits().json().jsonBytesMax());
    }

    private Future<byte[]> bytes(Entry entry, long max) {
        if (entry.value() instanceof Value.Inline inline) {
            return Future.succeededFuture(inline.bytes());
        }
        var stored = (Value.Stored) entry.value();
        return stored.size() > max
                ? Future.succeededFuture(NULL)
                : services.records().bytes(stored);
    }

    private Future<Reply> deleted(Exchange exchange, Done done) {
        var removed = ((Detail.Removed) done.detail()).entry();
        boolean returned = exchange.query().text("return").isPresent();
        if (removed == null || !returned) {
            return Future.succeededFuture(Reply.empty(204));
        }
        return bytes(removed, Integer.MAX_VALUE - 8L).map(bytes -> {
            var reply = Reply.bytes(200, removed.contentType(), bytes).with("X-Content-Type-Options", "nosniff");
            return MediaType.isActive(removed.contentType()) ? reply.with("Content-Security-Policy", "sandbox") : reply;
        });
    }
}
