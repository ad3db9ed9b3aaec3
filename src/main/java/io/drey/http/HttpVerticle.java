// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.auth.Principal;
import io.drey.auth.Tokens;
import io.drey.ledger.Ledger;
import io.drey.partition.Partitions;
import io.drey.partition.Repeats;
import io.drey.store.StoreRecords;
import io.drey.store.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Serves HTTP on one event loop: finds the route, asks who it is, runs the handler, sends the answer. One is deployed
 * for each core; they share the port.
 */
public final class HttpVerticle extends VerticleBase {
    private static final long DRAIN_CHECK_MILLIS = 5;
    private static final long DISCARD_MILLIS = 2_000;
    private static final long HEADS_CHECK_MILLIS = 250;

    private final Parts parts;
    private final Function<Services, List<Route>> dialects;
    private final HttpConfig config;
    private Routes routes;
    private Authentication authentication;
    private Cors cors;
    private Bodies bodies;
    private RequestHeads heads;
    private HttpServer server;
    private int inFlight;
    private boolean draining;

    public HttpVerticle(Parts parts, Function<Services, List<Route>> dialects) {
        this.parts = parts;
        this.dialects = dialects;
        this.config = parts.config();
    }

    @Override
    public Future<?> start() {
        var records = new StoreRecords(parts.stores(), parts.partitions().commands(context), context);
        var services = new Services(
                context,
                config,
                parts.ledger(),
                parts.partitions(),
                parts.stores(),
                records,
                parts.tokens(),
                parts.repeats());
        routes = new Routes(dialects.apply(services), parts.metrics());
        authentication = new Authentication(parts.tokens(), context);
        cors = new Cors(config.corsOrigins());
        bodies = new Bodies(context, config);
        server = vertx.createHttpServer(Servers.options(config));
        heads = new RequestHeads(config);
        vertx.setPeriodic(HEADS_CHECK_MILLIS, timer -> heads.check());
        server.connectionHandler(this::opened);
        server.invalidRequestHandler(request -> InvalidRequests.answer(request, config));
        server.requestHandler(this::handle);
        return server.listen();
    }

    /** The port that is listened on. */
    public int port() {
        return server.actualPort();
    }

    private void opened(HttpConnection connection) {
        heads.opened(connection);
        connection.closeHandler(v -> {
            heads.closed(connection);
            parts.connections().closed();
        });
        parts.connections().opened(connection);
    }

    private void handle(HttpServerRequest request) {
        long begun = System.nanoTime();
        inFlight++;
        heads.begun(request.connection());
        cors.allow(request, request.response().headers());
        var exchange = new Exchange(request, target(request), config, context, bodies);
        if (exchange.mayHaveBody()) {
            request.pause();
        }
        var methods = exchange.target() == null ? null : routes.find(exchange.target());
        var timed = methods == null ? null : methods.get(exchange.method());
        answered(exchange, methods, timed)
                .recover(thrown -> Future.succeededFuture(Reply.of(Problems.ofFailure(thrown))))
                .compose(reply -> reply == Reply.SENT ? Future.succeededFuture() : send(exchange, reply))
                .onComplete(sent -> {
                    inFlight--;
                    heads.ended(request.connection());
                    if (timed != null) {
                        timed.timer(request.response().getStatusCode())
                                .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                    }
                    if (exchange.mayHaveBody()) {
                        discardRest(request);
                    }
                });
    }

    /** Null when the request target is malformed, which is told after the credentials are checked. */
    private static RequestTarget target(HttpServerRequest request) {
        try {
            return RequestTarget.parse(request.uri());
        } catch (ProblemException e) {
            return null;
        }
    }

    private Future<Reply> answered(Exchange exchange, Routes.Methods methods, Route.Timed timed) {
        try {
            return answer(exchange, methods, timed);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Reply> answer(Exchange exchange, Routes.Methods methods, Route.Timed timed) {
        if (draining || inFlight > config.inFlightMax() / config.threads()) {
            var reason = draining ? "This node is shutting down." : "This node has too many requests at once.";
            return Future.succeededFuture(
                    Reply.of(Problem.unavailable(reason, 1)).with("Connection", "close"));
        }
        if (exchange.method().equals("OPTIONS")) {
            var allow = methods == null ? "OPTIONS" : methods.allow();
            return Future.succeededFuture(cors.options(exchange.request(), allow));
        }
        if (timed != null && timed.route().audience() == Route.Audience.EVERYBODY) {
            return run(exchange, timed.route(), null);
        }
        var principal = authentication.principal(exchange, timed == null ? null : timed.route());
        return principal.compose(who -> {
            if (exchange.target() == null) {
                throw Problem.malformed("The request target is not a well-formed path.")
                        .exception();
            }
            if (methods == null) {
                throw Problem.notFound("There is nothing at this path.").exception();
            }
            if (timed == null) {
                throw Problem.methodNotAllowed(methods.allow()).exception();
            }
            return run(exchange, timed.route(), who);
        });
    }

    private static Future<Reply> run(Exchange exchange, Route route, Principal principal) {
        exchange.begin(route.isWrite(), principal);
        return route.handler().handle(exchange);
    }

    private static Future<Void> send(Exchange exchange, Reply reply) {
        if (exchange.response().headWritten()) {
            exchange.breakOff();
            return Future.succeededFuture();
        }
        return exchange.send(reply);
    }

    /**
     * A body that was refused is thrown away for a moment, so that the sender can read why before the connection is
     * closed on it.
     */
    private void discardRest(HttpServerRequest request) {
        if (request.isEnded()) {
            return;
        }
        request.handler(null);
        request.exceptionHandler(e -> {});
        long timer = vertx.setTimer(DISCARD_MILLIS, any -> request.connection().close());
        request.endHandler(v -> vertx.cancelTimer(timer));
        request.resume();
    }

    @Override
    public Future<?> stop() {
        draining = true;
        Promise<Void> idle = Promise.promise();
        awaitIdle(idle, System.nanoTime() + config.shutdownTimeout() * 1_000_000);
        return idle.future().compose(v -> server.close());
    }

    private void awaitIdle(Promise<Void> idle, long deadlineNanos) {
        if (inFlight == 0 || System.nanoTime() - deadlineNanos > 0) {
            idle.complete();
        } else {
            vertx.setTimer(DRAIN_CHECK_MILLIS, timer -> awaitIdle(idle, deadlineNanos));
        }
    }

    /** What all HTTP verticles of a node share. */
    public record Parts(
            HttpConfig config,
            Ledger ledger,
            Partitions partitions,
            Stores stores,
            Tokens tokens,
            Repeats repeats,
            Connections connections,
            MeterRegistry metrics) {}
}
