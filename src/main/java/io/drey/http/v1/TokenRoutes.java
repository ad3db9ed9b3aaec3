// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.auth.Principal;
import io.drey.auth.Scope;
import io.drey.auth.ScopesJson;
import io.drey.auth.Secrets;
import io.drey.http.Exchange;
import io.drey.http.Idempotent;
import io.drey.http.Problem;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.Token;
import io.drey.model.Json;
import io.drey.model.JsonMembers;
import io.drey.model.MediaType;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Tokens of an account. */
final class TokenRoutes {
    private static final int ID_SEGMENT = 2;
    private static final int BODY_BYTES_MAX = 64 * 1024;
    private static final int NAME_LENGTH_MAX = 255;
    private static final Set<String> TOKEN = Set.of("name", "account", "scopes", "expiresAt");
    private static final Set<String> SCOPE = Set.of("store", "prefix", "access");
    private static final String ADMIN = "admin";

    private final Services services;

    TokenRoutes(Services services) {
        this.services = services;
    }

    Future<Reply> create(Exchange exchange) {
        Access.requireAdmin(exchange);
        JsonBodies.requireJson(exchange);
        var digest = Idempotent.digest(exchange);
        return exchange.body(BODY_BYTES_MAX, "The description of a token").compose(body -> {
            if (digest != null) {
                digest.update(body);
            }
            var members = JsonBodies.object(body, services.limits());
            JsonBodies.refuseUnknown(members, TOKEN);
            var name = name(members);
            long expiresAt = expiresAt(members);
            return account(exchange.principal(), members).compose(account -> scopes(account, members)
                    .compose(scopes -> Idempotent.run(exchange, services, digest, once -> {
                        var secret = Secrets.token();
                        var remembered = Idempotent.<Token>directory(services, once, token -> reply(201, token, null));
                        return Idempotent.await(
                                        services,
                                        services.tokens()
                                                .create(
                                                        Secrets.id(),
                                                        secret,
                                                        name,
                                                        account,
                                                        scopes,
                                                        expiresAt,
                                                        remembered))
                                .map(token -> reply(201, token, secret).asRemembered());
                    })));
        });
    }

    private static String name(JsonMembers members) {
        var name = StoreBody.text(members, "name");
        if (name == null || name.isBlank() || name.length() > NAME_LENGTH_MAX) {
            throw OperationBody.invalid("name", "A token needs a name of 1 to 255 characters.");
        }
        return name;
    }

    private long expiresAt(JsonMembers members) {
        var text = StoreBody.text(members, "expiresAt");
        if (text == null) {
            return 0;
        }
        long millis;
        try {
            millis = OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw OperationBody.invalid("expiresAt", "expiresAt is a time such as 2030-01-31T12:00:00.000Z.");
        }
        if (millis <= services.ledger().now()) {
            throw OperationBody.invalid("expiresAt", "expiresAt lies in the past.");
        }
        return millis;
    }

    /** The account that the token is for; only the admin of the first account may name another. */
    private Future<Account> account(Principal principal, JsonMembers members) {
        var name = StoreBody.text(members, "account");
        if (name == null || name.equals(principal.account().name())) {
            return Future.succeededFuture(principal.account());
        }
        Access.check(principal.account().name().equals(ADMIN));
        if (!StoreBody.isName(name)) {
            throw OperationBody.invalid("account", "An account's name has 1 to 63 letters, digits and inner hyphens.");
        }
        return Idempotent.await(services, services.tokens().account(name));
    }

    private Future<String> scopes(Account account, JsonMembers members) {
        var node = members.node("scopes");
        if (node == null || !node.isArray() || node.isEmpty()) {
            throw OperationBody.invalid(
                    "scopes", "scopes is [\"admin\"], or an array of objects with store, prefix and access.");
        }
        if (node.size() == 1
                && node.get(0).isTextual()
                && node.get(0).textValue().equals(ADMIN)) {
            return Future.succeededFuture(text(true, List.of()));
        }
        var resolved = new ArrayList<Future<Scope>>();
        for (JsonNode scope : node) {
            resolved.add(scope(account, scope));
        }
        return Future.all(resolved).map(all -> text(false, all.<Scope>list()));
    }

    private static String text(boolean admin, List<Scope> scopes) {
        return new String(Json.write(ScopesJson.write(admin, scopes)), StandardCharsets.UTF_8);
    }

    private Future<Scope> scope(Account account, JsonNode scope) {
        if (!scope.isObject()) {
            throw OperationBody.invalid("scopes", "A scope is an object with store, prefix and access.");
        }
        scope.fieldNames().forEachRemaining(name -> {
            if (!SCOPE.contains(name)) {
                throw JsonBodies.unknown(name, SCOPE);
            }
        });
        var store = scope.path("store");
        var prefix = scope.path("prefix");
        var access = scope.path("access").asText("");
        if (!store.isTextual()
                || !access.equals("read") && !access.equals("write")
                || !prefix.isMissingNode() && !prefix.isNull() && !prefix.isTextual()) {
            throw OperationBody.invalid(
                    "scopes", "A scope has a store, an access of read or write, and maybe a prefix.");
        }
        var bytes = prefix.isTextual() ? prefix.textValue().getBytes(StandardCharsets.UTF_8) : new byte[0];
        return services.stores()
                .find(services.context(), account.number(), store.textValue())
                .map(found -> {
                    if (found == null || found.account() != account.number()) {
                        throw Problem.storeNotFound(store.textValue()).exception();
                    }
                    return new Scope(found.id(), bytes, access.equals("write"));
                });
    }

    Future<Reply> list(Exchange exchange) {
        Access.requireAdmin(exchange);
        var account = exchange.principal().account();
        return Idempotent.await(services, services.tokens().list(account.number()))
                .map(tokens -> {
                    var json = new JsonOut().object().array("items");
                    tokens.forEach(token -> write(json, token, null));
                    return Reply.bytes(
                            200, MediaType.JSON, json.endArray().endObject().bytes());
                });
    }

    Future<Reply> delete(Exchange exchange) {
        Access.requireAdmin(exchange);
        var id = String.valueOf(exchange.target().text(ID_SEGMENT));
        long account = exchange.principal().account().number();
        return Idempotent.run(exchange, services, Idempotent.digest(exchange), once -> {
            var remembered = Idempotent.<Boolean>directory(services, once, TokenRoutes::deleted);
            return Idempotent.await(services, services.tokens().revoke(account, id, remembered))
                    .map(existed ->
                            once == null ? deleted(existed) : deleted(existed).asRemembered());
        });
    }

    private static Reply deleted(boolean existed) {
        return existed ? Reply.empty(204) : Reply.of(Problem.notFound("There is no such token."));
    }

    private static Reply reply(int status, Token token, String secret) {
        return Reply.bytes(
                status, MediaType.JSON, write(new JsonOut(), token, secret).bytes());
    }

    private static JsonOut write(JsonOut json, Token token, String secret) {
        json.object().text("id", token.id());
        if (secret != null) {
            json.text("secret", secret);
        }
        return json.text("name", token.name())
                .text("account", token.account().name())
                .tree("scopes", ScopesJson.parse(token.scopes()))
                .text("createdAt", JsonOut.time(token.createdAt()))
                .timeOrNull("expiresAt", token.expiresAt())
                .timeOrNull("lastUsedAt", token.lastUsedAt())
                .endObject();
    }
}
