// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.ArrayDeque;
import java.util.Queue;

/** One request body on its way in. */
public final class Body {
    private final HttpServerRequest request;
    private final RequestDecoder decoder;
    private final long limit;
    private final String what;
    private final Sink sink;
    private final Promise<Void> received = Promise.promise();
    private final Queue<Buffer> pieces = new ArrayDeque<>();
    private long size;
    private long periodBegun = System.nanoTime();
    private long lastBytes = periodBegun;
    private long periodBytes;
    private boolean arrived;
    private boolean taking;
    private boolean ended;
    private boolean done;

    Body(Exchange exchange, RequestDecoder decoder, long limit, String what, Sink sink) {
        this.request = exchange.request();
        this.decoder = decoder;
        this.limit = limit;
        this.what = what;
        this.sink = sink;
    }

    Future<Void> received() {
        return received.future();
    }

    void receive() {
        request.handler(this::arrived);
        request.endHandler(v -> end());
        request.exceptionHandler(
                e -> fail(Problem.malformed("The body broke off.").exception()));
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect")) && request.version() == HttpVersion.HTTP_1_1) {
            request.response().writeContinue();
        }
        request.resume();
    }

    private void arrived(Buffer coded) {
        if (done) {
            return;
        }
        arrived = true;
        lastBytes = System.nanoTime();
        periodBytes += coded.length();
        try {
            if (decoder == null) {
                piece(coded);
            } else {
                decoder.feed(coded, this::piece);
            }
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        take();
    }

    private void piece(Buffer plain) {
        size += plain.length();
        if (size > limit) {
            throw Problem.tooLarge(what, limit, size).exception();
        }
        pieces.add(plain);
    }

    private void end() {
        if (done) {
            return;
        }
        try {
            if (decoder != null && arrived) {
                decoder.end(this::piece);
            }
        } catch (RuntimeException e) {
            fail(e);
            return;
        }
        ended = true;
        take();
    }

    /** Hands pieces on, one at a time when the sink needs time, and holds the sender back meanwhile. */
    private void take() {
        while (!taking && !done && !pieces.isEmpty()) {
            Future<Void> taken;
            try {
                taken = sink.take(pieces.poll());
            } catch (RuntimeException e) {
                fail(e);
                return;
            }
            if (taken != null && !taken.isComplete()) {
                taking = true;
                request.pause();
                taken.onSuccess(v -> {
                            taking = false;
                            lastBytes = System.nanoTime();
                            request.resume();
                            take();
                        })
                        .onFailure(this::fail);
            } else if (taken != null && taken.failed()) {
                fail(taken.cause());
            }
        }
        if (ended && !taking && !done && pieces.isEmpty()) {
            finish();
        }
    }

    private void finish() {
        done = true;
        closeDecoder();
        try {
            sink.end();
            received.complete();
        } catch (RuntimeException e) {
            received.fail(e);
        }
    }

    void fail(Throwable cause) {
        if (done) {
            return;
        }
        done = true;
        pieces.clear();
        closeDecoder();
        received.tryFail(cause);
    }

    private void closeDecoder() {
        if (decoder != null) {
            decoder.close();
        }
    }

    boolean stalls(long now, long periodNanos, int bytesMin) {
        if (taking || ended) {
            periodBegun = now;
            lastBytes = now;
            return false;
        }
        if (now - lastBytes >= periodNanos) {
            return true;
        }
        if (now - periodBegun < periodNanos) {
            return false;
        }
        boolean drips = periodBytes < bytesMin;
        periodBegun = now;
        periodBytes = 0;
        return drips;
    }

    /** Where the pieces of a body go. */
    public interface Sink {
        /** Null, or a future that completes when the next piece may come. May throw a problem. */
        Future<Void> take(Buffer piece);

        /** After the last piece. May throw a problem. */
        default void end() {}
    }
}
