// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.impl.SocketConnectionBase;
import io.vertx.sqlclient.internal.SqlConnectionInternal;
import java.util.function.Function;

/** Makes connections that are ready for work: to a primary, with time-outs, under the identity that the turn knows. */
final class Connector {
    private static final long CONNECT_MILLIS_MAX = 3_000;

    private final Vertx vertx;
    private final PgConnectOptions options;
    private final Greeting greeting;

    Connector(Vertx vertx, PgConnectOptions options, Greeting greeting) {
        this.vertx = vertx;
        this.options = options;
        this.greeting = greeting;
    }

    /** Event loop of the ledger. Fails in time even when the server accepts and then says nothing. */
    Future<Greeted> connect(Manner manner) {
        return bounded(made -> greeting.greet(made, manner).map(server -> new Greeted(made, server)));
    }

    /** A connection without greeting, for what comes before there is a schema. */
    Future<PgConnection> bare() {
        return bounded(Future::succeededFuture);
    }

    /** The server that the ledger works with by now. */
    String server() {
        return greeting.server();
    }

    /** Closes the socket without a goodbye, which would wait behind calls that are never answered. */
    static void drop(PgConnection connection) {
        if (connection instanceof SqlConnectionInternal internal
                && internal.unwrap().unwrap() instanceof SocketConnectionBase base) {
            base.socket().close();
        } else {
            connection.close();
        }
    }

    private <T> Future<T> bounded(Function<PgConnection, Future<T>> next) {
        Promise<T> ready = Promise.promise();
        long timer =
                vertx.setTimer(CONNECT_MILLIS_MAX, fired -> ready.tryFail("it did not accept a connection in time"));
        PgConnection.connect(vertx, options)
                .onSuccess(made -> {
                    ready.future().onFailure(failure -> drop(made));
                    next.apply(made).onSuccess(ready::tryComplete).onFailure(ready::tryFail);
                })
                .onFailure(ready::tryFail);
        return ready.future().onComplete(done -> vertx.cancelTimer(timer));
    }

    /** A connection that is ready, and the server that it leads to. */
    record Greeted(PgConnection connection, String server) {}
}
