// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.drey.auth.Scope;
import io.drey.auth.Secrets;
import io.drey.http.Exchange;
import io.drey.http.HttpLimits;
import io.drey.http.Idempotent;
import io.drey.http.Problem;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Directory;
import io.drey.ledger.Directory.Dependent;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.StoreListing;
import io.drey.model.Json;
import io.drey.model.JsonMembers;
import io.drey.model.MalformedJsonException;
import io.drey.model.MediaType;
import io.drey.partition.Command;
import io.drey.store.OpenStore;
import io.vertx.core.Future;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;

/** Stores and what depends on them. */
final class StoreRoutes {
    private static final int NAME_SEGMENT = 4;
    private static final String MERGE_PATCH = "application/merge-patch+json";
    private static final Set<String> DEPENDENT = Set.of("description", "url");
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final byte[] EMPTY_OBJECT = {'{', '}'};

    private final Services services;
    private final Access access;

    StoreRoutes(Services services, Access access) {
        this.services = services;
        this.access = access;
    }

    Future<Reply> create(Exchange exchange) {
        Access.requireAdmin(exchange);
        var digest = Idempotent.digest(exchange);
        if (exchange.header("Content-Type") != null) {
            JsonBodies.requireJson(exchange);
        }
        return body(exchange, digest).compose(body -> {
            var settings = StoreBody.created(members(body.length == 0 ? EMPTY_OBJECT : body));
            return Idempotent.run(exchange, services, digest, once -> {
                var store = new NewStore(
                        Secrets.id(),
                        exchange.principal().account(),
                        settings,
                        services.ledger().now());
                var remembered = Idempotent.directory(services, once, StoreRoutes::created);
                return services.stores()
                        .create(services.context(), store, remembered)
                        .map(made -> mark(created(made), once));
            });
        });
    }

    private static Reply created(Directory.Made<Directory.Store> made) {
        return StoreJson.created(made.value(), made.created());
    }

    /** The ledger has committed the answer together with the change. */
    private static Reply mark(Reply reply, Command.Once once) {
        return once == null ? reply : reply.asRemembered();
    }

    private Future<byte[]> body(Exchange exchange, MessageDigest digest) {
        return exchange.body(BODY_BYTES_MAX, "The description of a store").map(body -> {
            if (digest != null) {
                digest.update(body);
            }
            return body;
        });
    }

    private JsonMembers members(byte[] body) {
        return JsonBodies.object(body, services.limits());
    }

    Future<Reply> list(Exchange exchange) {
        var query = exchange.query();
        long offset = query.longInteger("offset", 0, 0, Long.MAX_VALUE);
        int limit = query.integer(
                "limit", HttpLimits.PAGE_ITEMS_DEFAULT, 1, services.limits().pageItems());
        var principal = exchange.principal();
        List<String> ids = principal.admin()
                ? null
                : principal.scopes().stream().map(Scope::storeId).distinct().toList();
        var listing = new StoreListing(
                principal.account().number(),
                offset,
                limit,
                query.bool("desc", false),
                query.bool("unnamed", false),
                query.textIfAny("prefix").orElse(""),
                ids);
        return services.stores().list(services.context(), listing).map(page -> StoreJson.page(page, offset, limit));
    }

    Future<Reply> get(Exchange exchange) {
        return access.store(exchange)
                .compose(store -> services.stores().describe(services.context(), store))
                .map(store -> StoreJson.reply(200, existing(exchange, store)));
    }

    private static <T> T existing(Exchange exchange, T store) {
        if (store == null) {
            throw Problem.storeNotFound(exchange.target().text(2)).exception();
        }
        return store;
    }

    Future<Reply> update(Exchange exchange) {
        return access.administered(exchange).compose(store -> {
            var type = MediaType.essence(exchange.header("Content-Type"));
            if (!type.equals(MediaType.JSON) && !type.equals(MERGE_PATCH)) {
                throw Problem.unsupportedMediaType(
                                "A change of a store is " + MediaType.JSON + " or " + MERGE_PATCH + ".",
                                MediaType.JSON + ", " + MERGE_PATCH)
                        .exception();
            }
            var digest = Idempotent.digest(exchange);
            return body(exchange, digest).compose(body -> {
                var members = members(body);
                return Idempotent.run(exchange, services, digest, once -> update(exchange, store, members, once));
            });
        });
    }

    private Future<Reply> update(Exchange exchange, OpenStore store, JsonMembers members, Command.Once once) {
        return services.stores().describe(services.context(), store).compose(present -> {
            var settings =
                    StoreBody.changed(members, existing(exchange, present).settings());
            var remembered = Idempotent.<Directory.StoreUpdate>directory(
                    services, once, update -> updated(exchange, settings.name(), update));
            return services.stores()
                    .update(services.context(), store, settings, remembered)
                    .map(update -> mark(updated(exchange, settings.name(), update), once));
        });
    }

    private static Reply updated(Exchange exchange, String name, Directory.StoreUpdate update) {
        if (update instanceof Directory.Updated updated) {
            return StoreJson.reply(200, updated.store());
        }
        return Reply.of(
                update instanceof Directory.NameTaken
                        ? Problem.nameTaken(name)
                        : Problem.storeNotFound(exchange.target().text(2)));
    }

    /** The store is looked up within, so that a repeat gets its answer although the store is gone by then. */
    Future<Reply> delete(Exchange exchange) {
        Access.requireAdmin(exchange);
        var digest = Idempotent.digest(exchange);
        return Idempotent.run(
                exchange, services, digest, once -> access.store(exchange).compose(store -> {
                    boolean force = exchange.query().bool("force", false);
                    var remembered = Idempotent.<Directory.StoreDeletion>directory(
                            services, once, deletion -> deleted(exchange, deletion));
                    return services.stores()
                            .delete(services.context(), store, force, remembered)
                            .map(deletion -> mark(deleted(exchange, deletion), once));
                }));
    }

    private static Reply deleted(Exchange exchange, Directory.StoreDeletion deletion) {
        if (deletion instanceof Directory.Deleted) {
            return Reply.empty(204);
        }
        return Reply.of(
                deletion instanceof Directory.HasDependents has
                        ? Problem.hasDependents(array(has.dependents()))
                        : Problem.storeNotFound(exchange.target().text(2)));
    }

    private static ArrayNode array(List<Dependent> dependents) {
        var json = StoreJson.dependents(new JsonOut().object().array("items"), dependents)
                .endArray()
                .endObject()
                .bytes();
        try {
            return (ArrayNode) Json.parse(json, 4).get("items");
        } catch (MalformedJsonException e) {
            throw new IllegalStateException(e);
        }
    }

    Future<Reply> dependents(Exchange exchange) {
        return access.store(exchange)
                .compose(store ->
                        Idempotent.await(services, services.ledger().directory().dependents(store.number())))
                .map(dependents -> Reply.bytes(
                        200,
                        MediaType.JSON,
                        StoreJson.dependents(new JsonOut().object().array("items"), dependents)
                                .endArray()
                                .endObject()
                                .bytes()));
    }

    Future<Reply> putDependent(Exchange exchange) {
        return access.administered(exchange).compose(store -> {
            var name = dependentName(exchange);
            JsonBodies.requireJson(exchange);
            var digest = Idempotent.digest(exchange);
            return body(exchange, digest).compose(body -> {
                var members = members(body);
                JsonBodies.refuseUnknown(members, DEPENDENT);
                var description = StoreBody.text(members, "description");
                if (description == null || description.isBlank()) {
                    throw OperationBody.invalid("description", "A dependent needs a description.");
                }
                var dependent = new Dependent(name, description, StoreBody.text(members, "url"), "manual");
                return Idempotent.run(exchange, services, digest, once -> {
                    var remembered =
                            Idempotent.<Boolean>directory(services, once, made -> Reply.empty(made ? 201 : 204));
                    return Idempotent.await(
                                    services,
                                    services.ledger().directory().putDependent(store.number(), dependent, remembered))
                            .map(made -> mark(Reply.empty(existing(exchange, made) ? 201 : 204), once));
                });
            });
        });
    }

    Future<Reply> deleteDependent(Exchange exchange) {
        return access.administered(exchange).compose(store -> {
            var name = dependentName(exchange);
            return Idempotent.run(exchange, services, Idempotent.digest(exchange), once -> {
                var remembered = Idempotent.<Boolean>directory(services, once, StoreRoutes::dependentDeleted);
                return Idempotent.await(
                                services,
                                services.ledger().directory().deleteDependent(store.number(), name, remembered))
                        .map(existed -> mark(dependentDeleted(existed), once));
            });
        });
    }

    private static Reply dependentDeleted(boolean existed) {
        return existed ? Reply.empty(204) : Reply.of(Problem.notFound("The store has no such dependent."));
    }

    private static String dependentName(Exchange exchange) {
        var name = exchange.target().text(NAME_SEGMENT);
        if (name == null || name.isEmpty() || name.length() > 255) {
            throw OperationBody.invalid("name", "A dependent's name has 1 to 255 characters.");
        }
        return name;
    }
}
