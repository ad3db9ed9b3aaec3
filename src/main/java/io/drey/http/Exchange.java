// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.auth.Principal;
import io.netty.buffer.Unpooled;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;

/** One request and its answer, on the event loop of the verticle that took it. */
public final class Exchange {
    private static final int COMPRESSED_BYTES_MIN = 1_024;
    private static final int COMPRESSED_HERE_BYTES_MAX = 64 * 1024;

    private final HttpServerRequest request;
    private final RequestTarget target;
    private final HttpConfig config;
    private final Context context;
    private final Bodies bodies;
    private boolean write;
    private Principal principal;
    private QueryParameters query;

    Exchange(HttpServerRequest request, RequestTarget target, HttpConfig config, Context context, Bodies bodies) {
        this.request = request;
        this.target = target;
        this.config = config;
        this.context = context;
        this.bodies = bodies;
    }

    public HttpServerRequest request() {
        return request;
    }

    public HttpServerResponse response() {
        return request.response();
    }

    /** Never null where a handler runs. */
    public RequestTarget target() {
        return target;
    }

    /** The request target as it was sent, for fingerprints. */
    public String uri() {
        return request.uri();
    }

    public String method() {
        return request.method().name();
    }

    /** False when there is certainly none. */
    boolean mayHaveBody() {
        var headers = request.headers();
        return headers.contains("Content-Length")
                || headers.contains("Transfer-Encoding")
                || request.version() == HttpVersion.HTTP_2 && !method().equals("GET") && !isHead();
    }

    public boolean isHead() {
        return method().equals("HEAD");
    }

    /** Who asks; null on routes that need no token. */
    public Principal principal() {
        return principal;
    }

    public QueryParameters query() {
        if (query == null) {
            query = new QueryParameters(target.query());
        }
        return query;
    }

    public String header(String name) {
        return request.getHeader(name);
    }

    public List<String> headers(String name) {
        return request.headers().getAll(name);
    }

    public Context context() {
        return context;
    }

    /** The whole body, decoded; more than {@code limit} bytes are refused, before they are read where declared. */
    public Future<byte[]> body(long limit, String what) {
        return bodies.whole(this, limit, what);
    }

    /** Streams the decoded body into {@code sink}; completes when all of it was taken. */
    public Future<Void> stream(long limit, String what, Body.Sink sink) {
        return bodies.stream(this, limit, what, sink);
    }

    void begin(boolean isWrite, Principal who) {
        write = isWrite;
        principal = who;
    }

    /** Sends an answer as a whole. */
    public Future<Void> send(Reply reply) {
        var response = response();
        if (response.ended() || response.closed()) {
            return Future.succeededFuture();
        }
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        if (write && reply.isSuccess()) {
            response.putHeader("Durability", config.durability().text());
        }
        if (reply.contentType() != null) {
            response.putHeader("Content-Type", reply.contentType());
        }
        var coding = reply.body() == null ? ContentCoding.IDENTITY : coding(reply.contentType(), reply.body().length);
        if (reply.version() != 0) {
            response.putHeader("ETag", etag(reply.version(), coding));
        }
        if (reply.body() == null) {
            return endEmpty(reply.status());
        }
        if (coding == ContentCoding.IDENTITY) {
            return end(reply.body());
        }
        response.putHeader("Content-Encoding", coding.token());
        if (reply.body().length <= COMPRESSED_HERE_BYTES_MAX) {
            return end(coding.encode(reply.body()));
        }
        return context.executeBlocking(() -> coding.encode(reply.body()), false).compose(this::end);
    }

    private Future<Void> endEmpty(int status) {
        if (status != 204 && status != 304) {
            response().putHeader("Content-Length", "0");
        }
        return response().end();
    }

    private Future<Void> end(byte[] body) {
        if (isHead()) {
            response().putHeader("Content-Length", Integer.toString(body.length));
            return response().end();
        }
        return response().end(buffer(body));
    }

    /** A buffer over the array itself: what is sent is never changed. */
    public static Buffer buffer(byte[] bytes) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(bytes));
    }

    /** The coding for an answer of this type and size; says in Vary that it depends on the request. */
    public ContentCoding coding(String contentType, long size) {
        if (!config.compression() || size < COMPRESSED_BYTES_MIN || !ContentCoding.compressible(contentType)) {
            return ContentCoding.IDENTITY;
        }
        response().headers().add("Vary", "Accept-Encoding");
        return ContentCoding.negotiate(request.getHeader("Accept-Encoding"));
    }

    /** A coded answer is not the record's bytes any more, hence the weak tag (RFC 9110, 8.8.1). */
    public static String etag(long version, ContentCoding coding) {
        return coding == ContentCoding.IDENTITY ? EntityTags.of(version) : EntityTags.weak(version);
    }

    /** Sends a piece of an answer; completes when the reader is ready for the next one. */
    public Future<Void> write(Buffer piece) {
        if (piece.length() == 0) {
            return Future.succeededFuture();
        }
        var response = response();
        var written = response.write(piece);
        if (!response.writeQueueFull()) {
            return written.failed() ? written : Future.succeededFuture();
        }
        Promise<Void> drained = Promise.promise();
        response.drainHandler(v -> drained.tryComplete());
        written.onFailure(drained::tryFail);
        return drained.future();
    }

    /** Breaks the answer off so that nobody takes it for complete. */
    public void breakOff() {
        if (!response().ended()) {
            response().reset();
            request.connection().close();
        }
    }
}
