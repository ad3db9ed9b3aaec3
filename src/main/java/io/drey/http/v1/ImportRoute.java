// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.Idempotent;
import io.drey.http.Problem;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.model.MediaType;
import io.drey.store.OpenStore;
import io.vertx.core.Future;

/** Takes records in as lines of JSON. */
final class ImportRoute {
    private final Services services;
    private final Access access;

    ImportRoute(Services services, Access access) {
        this.services = services;
        this.access = access;
    }

    Future<Reply> run(Exchange exchange) {
        return access.writableSomewhere(exchange).compose(store -> {
            if (!MediaType.essence(exchange.header("Content-Type")).equals(MediaType.NDJSON)) {
                throw Problem.unsupportedMediaType("An import is " + MediaType.NDJSON + ".")
                        .exception();
            }
            var digest = Idempotent.digest(exchange);
            return Idempotent.run(
                    exchange,
                    services,
                    digest,
                    (once, resumed) -> {
                        var parts = new Parts(services, once, resumed);
                        return parts.begin().compose(v -> receive(exchange, store, parts));
                    },
                    answer -> {
                        throw new IllegalStateException("an import is remembered as a reply");
                    });
        });
    }

    private Future<Reply> receive(Exchange exchange, OpenStore store, Parts parts) {
        var run = new ImportRun(exchange, services, store, parts);
        return exchange.stream(Long.MAX_VALUE, "The import", run)
                .transform(received -> run.finish(received.cause()))
                .compose(reply -> parts.end(reply, run.isFinal()));
    }
}
