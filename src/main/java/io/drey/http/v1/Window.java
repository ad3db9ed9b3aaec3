// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Runs many writes side by side, a bounded number at once, those of one key in their order. Used on one event loop.
 */
final class Window {
    private final int max;
    private final Map<ByteBuffer, Future<?>> lastByKey = new HashMap<>();
    private int running;
    private Promise<Void> room;
    private Promise<Void> idle;

    Window(int max) {
        this.max = max;
    }

    /** Runs {@code write} after those of the same key; it must not fail with anything its caller does not handle. */
    void run(byte[] key, Supplier<Future<?>> write) {
        running++;
        var name = ByteBuffer.wrap(key);
        var before = lastByKey.get(name);
        Future<?> mine = before == null ? begun(write) : before.transform(any -> begun(write));
        if (!mine.isComplete()) {
            lastByKey.put(name, mine);
        }
        mine.onComplete(any -> {
            lastByKey.remove(name, mine);
            running--;
            if (room != null && running < max) {
                var waiting = room;
                room = null;
                waiting.complete();
            }
            if (idle != null && running == 0) {
                idle.complete();
            }
        });
    }

    private static Future<?> begun(Supplier<Future<?>> write) {
        try {
            return write.get();
        } catch (RuntimeException e) {
            return Future.failedFuture(e);
        }
    }

    /** Null when there is room now, else a future for when there is. */
    Future<Void> room() {
        if (running < max) {
            return null;
        }
        room = room == null ? Promise.promise() : room;
        return room.future();
    }

    /** When everything has ended. */
    Future<Void> idle() {
        if (running == 0) {
            return Future.succeededFuture();
        }
        idle = idle == null ? Promise.promise() : idle;
        return idle.future();
    }
}
