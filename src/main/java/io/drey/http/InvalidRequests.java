// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.http.HttpServerRequest;

/** Answers what is no request at all, below the routes, with a problem document like any other. */
final class InvalidRequests {
    private InvalidRequests() {}

    static void answer(HttpServerRequest request, HttpConfig config) {
        var problem = problem(request.decoderResult().cause(), config);
        var reply = Reply.of(problem);
        var response = request.response();
        response.setStatusCode(reply.status());
        reply.headers().forEach(response::putHeader);
        response.putHeader("Content-Type", reply.contentType());
        response.putHeader("Connection", "close");
        response.end(Exchange.buffer(reply.body()))
                .onComplete(v -> request.connection().close());
    }

    private static Problem problem(Throwable cause, HttpConfig config) {
        if (cause instanceof TooLongHttpLineException) {
            return Problem.uriTooLong(config.limits().requestLineBytes());
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Problem.headersTooLarge(config.limits().headerBytes());
        }
        var message = cause == null || cause.getMessage() == null ? "" : cause.getMessage();
        if (!(cause instanceof DecoderException) && message.contains("version")) {
            return Problem.httpVersion();
        }
        return Problem.malformed("This is not a well-formed HTTP request.");
    }
}
