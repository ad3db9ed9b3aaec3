// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Gives up what takes too long. All attempts of one event loop have the same time limit, so the queue is in the order of
 * the deadlines; what has ended leaves it when it comes to the front. Used on that event loop alone.
 */
final class Deadlines {
    static final long PERIOD_MILLIS = 20;

    private final Queue<Attempt> attempts = new ArrayDeque<>();

    void watch(Attempt attempt) {
        dropEnded();
        attempts.add(attempt);
    }

    void check() {
        long now = System.nanoTime();
        dropEnded();
        while (!attempts.isEmpty() && attempts.peek().deadlineNanos() - now <= 0) {
            attempts.poll().giveUp();
        }
    }

    private void dropEnded() {
        while (!attempts.isEmpty() && attempts.peek().isEnded()) {
            attempts.poll();
        }
    }
}
