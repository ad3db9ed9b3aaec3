// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.auth.Principal;
import io.drey.auth.Tokens;
import io.drey.partition.LedgerFailures;
import io.vertx.core.Context;
import io.vertx.core.Future;

/** Reads the credentials of requests (RFC 6750, 2.1). For one event loop. */
final class Authentication {
    private static final String BEARER = "Bearer ";

    private final Tokens tokens;
    private final Context context;

    Authentication(Tokens tokens, Context context) {
        this.tokens = tokens;
        this.context = context;
    }

    /** Who asks; at once when the token is remembered. Fails with a 401, or when nobody can tell. */
    Future<Principal> principal(Exchange exchange, Route route) {
        var header = exchange.header("Authorization");
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw Problem.unauthorized("A token is needed: Authorization: Bearer <token>.")
                    .exception();
        }
        var secret = header.substring(BEARER.length()).strip();
        var found = tokens.authenticate(secret).toCompletableFuture();
        if (found.isDone() && !found.isCompletedExceptionally()) {
            return Future.succeededFuture(known(found.join()));
        }
        var principal = LedgerFailures.future(context, found);
        if (route != null && route.audience() == Route.Audience.OPERATORS) {
            principal = principal.recover(failure -> {
                var administrator = tokens.administrator(secret);
                return administrator == null ? Future.failedFuture(failure) : Future.succeededFuture(administrator);
            });
        }
        return principal.map(Authentication::known);
    }

    private static Principal known(Principal principal) {
        if (principal == null) {
            throw Problem.unauthorized("The token is not known, or not any more.")
                    .exception();
        }
        return principal;
    }
}
