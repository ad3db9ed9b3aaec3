// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Receives request bodies for one event loop: bounded, decoded, and ended when they stall. A body must bring something
 * within the request time-out, and not less than {@value #BYTES_PER_PERIOD_MIN} bytes in each such time, so that nobody
 * holds a connection by dripping.
 */
final class Bodies {
    private static final long CHECK_MILLIS = 250;
    private static final int BYTES_PER_PERIOD_MIN = 1_024;

    private final Context context;
    private final HttpConfig config;
    private final Set<Body> receiving = new LinkedHashSet<>();

    Bodies(Context context, HttpConfig config) {
        this.context = context;
        this.config = config;
        context.owner().setPeriodic(CHECK_MILLIS, timer -> context.runOnContext(v -> check()));
    }

    Context context() {
        return context;
    }

    private void check() {
        if (receiving.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        for (var body : new ArrayList<>(receiving)) {
            if (body.stalls(now, config.requestTimeout() * 1_000_000, BYTES_PER_PERIOD_MIN)) {
                body.fail(Problem.requestTimeout().exception());
            }
        }
    }

    /** Streams the decoded body into {@code sink}; completes when all of it was taken. */
    Future<Void> stream(Exchange exchange, long limit, String what, Body.Sink sink) {
        var declared = exchange.header("Content-Length");
        var decoder = RequestDecoder.of(exchange.headers("Content-Encoding"));
        if (decoder == null && declared != null && exceeds(declared, limit)) {
            throw Problem.tooLarge(what, limit, Long.parseLong(declared)).exception();
        }
        if (declared == null
                && exchange.header("Transfer-Encoding") == null
                && exchange.request().isEnded()) {
            sink.end();
            return Future.succeededFuture();
        }
        var body = new Body(exchange, decoder, limit, what, sink);
        receiving.add(body);
        body.receive();
        return body.received().onComplete(any -> receiving.remove(body));
    }

    private static boolean exceeds(String declared, long limit) {
        try {
            return Long.parseLong(declared) > limit;
        } catch (NumberFormatException e) {
            throw Problem.malformed("Content-Length is not a number.").exception();
        }
    }

    Future<byte[]> whole(Exchange exchange, long limit, String what) {
        var buffer = Buffer.buffer();
        return stream(exchange, limit, what, new Body.Sink() {
                    @Override
                    public Future<Void> take(Buffer piece) {
                        buffer.appendBuffer(piece);
                        return null;
                    }
                })
                .map(v -> buffer.getBytes());
    }
}
