// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.Idempotent;
import io.drey.http.Problem;
import io.drey.http.ProblemException;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.http.Upload;
import io.drey.model.Conditions;
import io.drey.model.Entry;
import io.drey.model.Json;
import io.drey.model.JsonPatch;
import io.drey.model.MalformedJsonException;
import io.drey.model.MediaType;
import io.drey.model.Operation;
import io.drey.model.Ttl;
import io.drey.partition.Command;
import io.drey.partition.OutcomeCodec;
import io.drey.store.OpenStore;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** One record: read, write, patch, delete. */
final class RecordRoutes {
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";
    private static final long VERSION_MAX = (1L << 53) - 1;

    private final Services services;
    private final Access access;
    private final RecordReply replies;
    private final OutcomeReply outcomes;

    RecordRoutes(Services services, Access access) {
        this.services = services;
        this.access = access;
        this.replies = new RecordReply(services);
        this.outcomes = new OutcomeReply(services);
    }

    Future<Reply> get(Exchange exchange) {
        var key = access.key(exchange);
        var readable = access.readable(exchange, key);
        return readable.compose(store -> {
            store.countRead(services.ledger().now());
            long version = exchange.query().longInteger("version", 0, 1, VERSION_MAX);
            var entry = services.records().read(store, key);
            return version == 0
                    ? entry.compose(found -> replies.send(exchange, present(found, key)))
                    : entry.compose(found -> version(exchange, store, key, version, found));
        });
    }

    private static Entry present(Entry entry, byte[] key) {
        if (entry == null) {
            throw absent(key);
        }
        return entry;
    }

    private static ProblemException absent(byte[] key) {
        return Problem.recordNotFound(new String(key, StandardCharsets.UTF_8)).exception();
    }

    private Future<Reply> version(Exchange exchange, OpenStore store, byte[] key, long version, Entry present) {
        if (present != null && present.version() == version) {
            return replies.send(exchange, present);
        }
        var log = services.ledger().log();
        return Idempotent.await(services, log.find(store.number(), key, version))
                .compose(found -> found != null
                        ? Future.succeededFuture(found)
                        : Idempotent.await(services, log.range()).map(range -> {
                            if (version < range.first()) {
                                throw Problem.versionExpired(version).exception();
                            }
                            throw absent(key);
                        }))
                .compose(logged -> {
                    if (logged.value() == null) {
                        throw absent(key);
                    }
                    var entry = new Entry(
                            logged.value(), logged.contentType(), version, logged.time(), logged.time(), Entry.NEVER);
                    return replies.send(exchange, entry);
                });
    }

    Future<Reply> put(Exchange exchange) {
        var key = access.key(exchange);
        return access.writable(exchange, key).compose(store -> {
            store.countWrite(services.ledger().now());
            var contentType = contentType(exchange);
            var conditions = WriteConditions.of(exchange);
            long ttl = exchange.query().ttlMillis("ttl", Ttl.KEEP);
            var digest = Idempotent.digest(exchange);
            return Upload.receive(exchange, services, MediaType.isJson(contentType), digest)
                    .map(value -> new Operation.Put(value, contentType, ttl, conditions))
                    .compose(put -> execute(exchange, store, key, put, digest));
        });
    }

    private static String contentType(Exchange exchange) {
        var header = exchange.header("Content-Type");
        if (header == null) {
            return MediaType.OCTET_STREAM;
        }
        var stripped = header.strip();
        if (!MediaType.isValid(stripped)) {
            throw Problem.malformed("Content-Type is not a media type.").exception();
        }
        // The one that most records have is shared, so that a million of them do not hold it a million times.
        return MediaType.JSON.equals(stripped) ? MediaType.JSON : stripped;
    }

    Future<Reply> patch(Exchange exchange) {
        var key = access.key(exchange);
        return access.writable(exchange, key).compose(store -> {
            store.countWrite(services.ledger().now());
            var type = MediaType.essence(exchange.header("Content-Type"));
            if (!type.equals(MERGE_PATCH) && !type.equals(JSON_PATCH)) {
                throw Problem.unsupportedMediaType(
                                "A patch is " + MERGE_PATCH + " or " + JSON_PATCH + ".",
                                MERGE_PATCH + ", " + JSON_PATCH)
                        .exception();
            }
            var conditions = WriteConditions.of(exchange);
            var digest = Idempotent.digest(exchange);
            return exchange.body(services.limits().json().jsonBytesMax(), "The patch")
                    .compose(body -> {
                        update(digest, body);
                        return execute(exchange, store, key, patch(type, body, conditions), digest);
                    });
        });
    }

    private Operation patch(String type, byte[] body, Conditions conditions) {
        try {
            var document = Json.parse(body, services.limits().json().jsonDepthMax());
            return type.equals(MERGE_PATCH)
                    ? new Operation.Merge(document, conditions)
                    : new Operation.Patch(JsonPatch.parse(document), conditions);
        } catch (MalformedJsonException e) {
            throw JsonBodies.malformed(e);
        }
    }

    Future<Reply> delete(Exchange exchange) {
        var key = access.key(exchange);
        return access.writable(exchange, key).compose(store -> {
            store.countDelete(services.ledger().now());
            var returned = exchange.query().text("return");
            if (returned.isPresent() && !returned.get().equals("value")) {
                throw Problem.invalidParameter("return", "return can only be value.")
                        .exception();
            }
            var conditions = WriteConditions.of(exchange);
            var digest = Idempotent.digest(exchange);
            return execute(exchange, store, key, new Operation.Delete(conditions), digest);
        });
    }

    /** The operation named by the last segment of the path. */
    Future<Reply> operate(Exchange exchange, String name) {
        var key = access.key(exchange);
        return access.writable(exchange, key).compose(store -> {
            store.countWrite(services.ledger().now());
            JsonBodies.requireJson(exchange);
            var conditions = WriteConditions.of(exchange);
            var digest = Idempotent.digest(exchange);
            return exchange.body(services.limits().json().jsonBytesMax(), "The body of an operation")
                    .compose(body -> {
                        update(digest, body);
                        var members = JsonBodies.object(body, services.limits());
                        var operation = OperationBody.parse(name, members, conditions, services.limits());
                        return execute(exchange, store, key, operation, digest);
                    });
        });
    }

    private static void update(MessageDigest digest, byte[] body) {
        if (digest != null) {
            digest.update(body);
        }
    }

    private Future<Reply> execute(
            Exchange exchange, OpenStore store, byte[] key, Operation operation, MessageDigest digest) {
        if (digest == null) {
            return run(exchange, store, key, operation, null);
        }
        return Idempotent.run(
                exchange, services, digest, (once, resumed) -> run(exchange, store, key, operation, once), answer -> {
                    var outcome = OutcomeCodec.decode(answer.content(), answer.version())
                            .get(0);
                    return outcomes.reply(exchange, operation, outcome, key);
                });
    }

    private Future<Reply> run(Exchange exchange, OpenStore store, byte[] key, Operation operation, Command.Once once) {
        return services.records()
                .execute(store, key, operation, once)
                .compose(outcome -> outcomes.reply(exchange, operation, outcome, key));
    }

    Future<Reply> history(Exchange exchange) {
        var key = access.key(exchange);
        return access.readable(exchange, key).compose(store -> {
            store.countRead(services.ledger().now());
            int limit = Pages.limit(exchange, services.limits());
            long before = exchange.query().longInteger("before", VERSION_MAX, 1, VERSION_MAX);
            var history = services.ledger().log().history(store.number(), key, before, limit + 1);
            return Idempotent.await(services, history).map(entries -> HistoryJson.reply(entries, limit));
        });
    }
}
