// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.auth.Principal;
import io.drey.auth.Tokens;
import io.drey.ledger.Ledger;
import io.drey.partition.LedgerFailures;
import io.drey.partition.Partitions;
import io.drey.partition.Repeats;
import io.drey.store.StoreRecords;
import io.drey.store.Stores;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Serves HTTP on one event loop: finds the route, asks who it is, runs the handler, sends the answer. One is deployed
 * for each core; they share the port.
 */
public final class HttpVerticle extends VerticleBase {
    private static final String BEARER = "Bearer ";
    private static final long DRAIN_CHECK_MILLIS = 5;
    private static final long DISCARD_MILLIS = 2_000;

    private final Parts parts;
    private final Function<Services, List<Route>> dialects;
    private final HttpConfig config;
    private Routes routes;
    private Cors cors;
    private Bodies bodies;
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
        cors = new Cors(config.corsOrigins());
        bodies = new Bodies(context, config);
        server = vertx.createHttpServer(Servers.options(config));
        server.connectionHandler(parts.connections()::opened);
        server.invalidRequestHandler(request -> InvalidRequests.answer(request, config));
        server.requestHandler(this::handle);
        return server.listen();
    }

    /** The port that is listened on. */
    public int port() {
        return server.actualPort();
    }

    private void handle(HttpServerRequest request) {
        long begun = System.nanoTime();
        inFlight++;
        request.pause();
        var exchange = exchange(request);
        cors.allow(request, request.response().headers());
        Route.Timed timed = exchange == null ? null : route(exchange);
        answered(exchange, request, timed)
                .recover(thrown -> Future.succeededFuture(problem(thrown)))
                .compose(reply -> reply == Reply.SENT ? Future.succeededFuture() : send(exchange, request, reply))
                .onComplete(sent -> {
                    inFlight--;
                    if (timed != null) {
                        timed.timer(request.response().getStatusCode())
                                .record(System.nanoTime() - begun, TimeUnit.NANOSECONDS);
                    }
                    discardRest(request);
                });
    }

    /** Null when the request target is malformed. */
    private Exchange exchange(HttpServerRequest request) {
        try {
            return new Exchange(request, RequestTarget.parse(request.uri()), config, context, bodies);
        } catch (ProblemException e) {
            return null;
        }
    }

    private Route.Timed route(Exchange exchange) {
        var methods = routes.find(exchange.target());
        return methods == null ? null : methods.get(exchange.method());
    }

    private Future<Reply> answered(Exchange exchange, HttpServerRequest request, Route.Timed timed) {
        try {
            return answer(exchange, request, timed);
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    private Future<Reply> answer(Exchange exchange, HttpServerRequest request, Route.Timed timed) {
        if (draining || inFlight > config.inFlightMax() / config.threads()) {
            var reason = draining ? "This node is shutting down." : "This node has too many requests at once.";
            return Future.succeededFuture(
                    Reply.of(Problem.unavailable(reason, 1)).with("Connection", "close"));
        }
        if (request.version() == HttpVersion.HTTP_1_0 && request.getHeader("Host") == null && exchange == null) {
            return Future.succeededFuture(Reply.of(Problem.httpVersion()));
        }
        var methods = exchange == null ? null : routes.find(exchange.target());
        if (request.method().name().equals("OPTIONS")) {
            var allow = methods == null ? "OPTIONS" : methods.allow();
            return Future.succeededFuture(cors.options(request, allow));
        }
        if (timed != null && timed.route().open()) {
            return run(exchange, timed.route(), null);
        }
        return principal(request).compose(principal -> {
            if (exchange == null) {
                throw Problem.malformed("The request target is not a well-formed path.")
                        .exception();
            }
            if (methods == null) {
                throw Problem.notFound("There is nothing at this path.").exception();
            }
            if (timed == null) {
                throw Problem.methodNotAllowed(methods.allow()).exception();
            }
            return run(exchange, timed.route(), principal);
        });
    }

    private Future<Reply> run(Exchange exchange, Route route, Principal principal) {
        exchange.begin(route.isWrite(), principal);
        return route.handler().handle(exchange);
    }

    private Future<Principal> principal(HttpServerRequest request) {
        var header = request.getHeader("Authorization");
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            throw Problem.unauthorized("A token is needed: Authorization: Bearer <token>.")
                    .exception();
        }
        var known =
                parts.tokens().authenticate(header.substring(BEARER.length()).strip());
        var completed = known.toCompletableFuture();
        if (completed.isDone() && !completed.isCompletedExceptionally()) {
            return Future.succeededFuture(required(completed.join()));
        }
        Promise<Principal> promise = Promise.promise();
        known.whenComplete((principal, failure) -> context.runOnContext(v -> {
            if (failure != null) {
                promise.fail(LedgerFailures.of(failure));
            } else if (principal == null) {
                promise.fail(Problem.unauthorized("The token is not known, or not any more.")
                        .exception());
            } else {
                promise.complete(principal);
            }
        }));
        return promise.future();
    }

    private static Principal required(Principal principal) {
        if (principal == null) {
            throw Problem.unauthorized("The token is not known, or not any more.")
                    .exception();
        }
        return principal;
    }

    private static Reply problem(Throwable thrown) {
        return Reply.of(Problems.ofFailure(thrown));
    }

    private Future<Void> send(Exchange exchange, HttpServerRequest request, Reply reply) {
        if (request.response().headWritten()) {
            request.connection().close();
            return Future.succeededFuture();
        }
        var sender = exchange != null ? exchange : new Exchange(request, null, config, context, bodies);
        return sender.send(reply);
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
