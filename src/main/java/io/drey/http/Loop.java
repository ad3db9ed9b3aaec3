// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.function.Supplier;

/**
 * Repeats a step that sometimes has to wait, without nesting one step in the other: a chain of composed futures that all
 * become complete at once overflows the stack.
 */
public final class Loop {
    /** What a step answers when it was the last: told by identity, so not one of Vert.x's shared futures. */
    public static final Future<Void> END = Promise.<Void>promise().future();

    private final Supplier<Future<Void>> step;
    private final Promise<Void> done = Promise.promise();

    private Loop(Supplier<Future<Void>> step) {
        this.step = step;
    }

    /**
     * Runs {@code step} until it answers {@link #END}, throws or fails.
     *
     * @param step answers null to be called again at once, or a future to be called again when that is complete
     */
    public static Future<Void> run(Supplier<Future<Void>> step) {
        var loop = new Loop(step);
        loop.go();
        return loop.done.future();
    }

    private void go() {
        while (true) {
            Future<Void> next;
            try {
                next = step.get();
            } catch (RuntimeException | Error e) {
                done.fail(e);
                return;
            }
            if (next == END) {
                done.complete();
                return;
            }
            if (next != null && next.failed()) {
                done.fail(next.cause());
                return;
            }
            if (next != null && !next.succeeded()) {
                next.onSuccess(v -> go()).onFailure(done::fail);
                return;
            }
        }
    }
}
