// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;

/** Sends commands to a node as another one does. */
final class Sender {
    private static final long MILLIS = 20_000;

    private Sender() {}

    static Future<Outcome> send(Vertx vertx, String node, Buffer command) {
        Promise<Outcome> promise = Promise.promise();
        var context = vertx.getOrCreateContext();
        context.runOnContext(v -> new Courier(context, "sender")
                .request(Addresses.commands(node), command, MILLIS)
                .map(answer -> Messages.read(answer, body -> OutcomeWire.read(body, 1)))
                .onComplete(promise));
        return promise.future();
    }
}
