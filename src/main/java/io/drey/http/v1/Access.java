// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.auth.Principal;
import io.drey.http.Exchange;
import io.drey.http.HttpLimits;
import io.drey.http.Problem;
import io.drey.http.Services;
import io.drey.http.Utf8;
import io.drey.store.OpenStore;
import io.vertx.core.Future;

/**
 * Finds the store and key that a path names and checks the rights to them. Whoever is no admin is told 403 for every
 * store beyond their scopes, existing or not.
 */
final class Access {
    private static final int STORE_SEGMENT = 2;
    private static final int KEY_SEGMENT = 4;

    private final Services services;

    Access(Services services) {
        this.services = services;
    }

    /** The key in the path. */
    byte[] key(Exchange exchange) {
        var target = exchange.target();
        if (target.isDotSegment(KEY_SEGMENT)) {
            throw Problem.invalidKey("The keys . and .. are not allowed.").exception();
        }
        return checked(target.segment(KEY_SEGMENT), services.limits());
    }

    /** Throws unless the bytes can be a key. */
    static byte[] checked(byte[] key, HttpLimits limits) {
        if (key.length == 0) {
            throw Problem.invalidKey("A key has at least one byte.").exception();
        }
        if (key.length > limits.keyBytes()) {
            throw Problem.invalidKey("The key is too long, in bytes of UTF-8.", limits.keyBytes(), key.length)
                    .exception();
        }
        if (key[0] == '.' && (key.length == 1 || key.length == 2 && key[1] == '.')) {
            throw Problem.invalidKey("The keys . and .. are not allowed.").exception();
        }
        if (!Utf8.isValid(key)) {
            throw Problem.invalidKey("The key is not UTF-8.").exception();
        }
        return key;
    }

    /** A store of which at least something is in reach. */
    Future<OpenStore> store(Exchange exchange) {
        var principal = exchange.principal();
        var name = exchange.target().text(STORE_SEGMENT);
        if (name == null || name.isEmpty() || name.length() > 63) {
            throw missing(principal, String.valueOf(name)).exception();
        }
        var found =
                services.stores().find(services.context(), principal.account().number(), name);
        return found.map(store -> known(principal, name, store));
    }

    private static OpenStore known(Principal principal, String name, OpenStore store) {
        if (store == null || store.account() != principal.account().number()) {
            throw missing(principal, name).exception();
        }
        if (!principal.knows(store.id())) {
            throw forbidden().exception();
        }
        return store;
    }

    private static Problem missing(Principal principal, String name) {
        return principal.admin() ? Problem.storeNotFound(name) : forbidden();
    }

    private static Problem forbidden() {
        return Problem.forbidden("The token has no scope for this.");
    }

    Future<OpenStore> readable(Exchange exchange, byte[] key) {
        return store(exchange).map(store -> {
            check(exchange.principal().mayRead(store.id(), key));
            return store;
        });
    }

    Future<OpenStore> writable(Exchange exchange, byte[] key) {
        return store(exchange).map(store -> {
            check(exchange.principal().mayWrite(store.id(), key));
            return store;
        });
    }

    /** A store that the token may write to somewhere; each key is checked by itself. */
    Future<OpenStore> writableSomewhere(Exchange exchange) {
        return store(exchange).map(store -> {
            var principal = exchange.principal();
            check(principal.admin()
                    || principal.scopes().stream()
                            .anyMatch(scope -> scope.write() && scope.storeId().equals(store.id())));
            return store;
        });
    }

    /** The store, for an admin. */
    Future<OpenStore> administered(Exchange exchange) {
        requireAdmin(exchange);
        return store(exchange);
    }

    static void requireAdmin(Exchange exchange) {
        check(exchange.principal().admin());
    }

    static void check(boolean allowed) {
        if (!allowed) {
            throw forbidden().exception();
        }
    }
}
