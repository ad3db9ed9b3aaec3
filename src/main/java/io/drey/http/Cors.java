// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;

/** Lets browsers call from other origins (the Fetch standard's CORS protocol), without credentials. */
final class Cors {
    private static final String ALLOW_HEADERS = "Authorization, Content-Type, Content-Encoding, Accept, If-Match,"
            + " If-None-Match, If-Modified-Since, If-Unmodified-Since, If-Range, Range, Idempotency-Key, Last-Event-ID";
    private static final String EXPOSE_HEADERS = "ETag, Location, Durability, Idempotency-Replayed, Record-TTL,"
            + " Last-Modified, Accept-Ranges, Content-Range, Content-Disposition, Retry-After, Allow, Accept-Patch,"
            + " WWW-Authenticate";
    private static final String MAX_AGE_SECONDS = "7200";

    private final List<String> origins;
    private final boolean any;

    Cors(List<String> origins) {
        this.origins = origins;
        this.any = origins.contains("*");
    }

    /** Adds what the answer to a request from another origin needs. */
    void allow(HttpServerRequest request, MultiMap headers) {
        var origin = request.getHeader("Origin");
        if (!any) {
            headers.add("Vary", "Origin");
        }
        if (origin == null || !any && !origins.contains(origin)) {
            return;
        }
        headers.set("Access-Control-Allow-Origin", any ? "*" : origin);
        headers.set("Access-Control-Expose-Headers", EXPOSE_HEADERS);
    }

    /** Answers OPTIONS, of a browser's preflight or of a curious person. */
    Reply options(HttpServerRequest request, String allow) {
        var reply = Reply.empty(204).with("Allow", allow);
        if (request.getHeader("Access-Control-Request-Method") == null) {
            return reply;
        }
        return reply.with("Access-Control-Allow-Methods", allow)
                .with("Access-Control-Allow-Headers", ALLOW_HEADERS)
                .with("Access-Control-Max-Age", MAX_AGE_SECONDS);
    }
}
