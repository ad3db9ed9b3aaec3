// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The server's time, carried on by elapsed time and never backwards. Nodes tell theirs with each renewal and follow the
 * latest, so they differ by what their clocks drift apart between two renewals. Any thread.
 */
final class ServerClock {
    private static final long UNSET = Long.MIN_VALUE;

    private final AtomicLong offset = new AtomicLong(UNSET);

    /** The server's clock, or its log, has this time. A server that is behind changes nothing. */
    void atLeast(long millis) {
        long seen = millis - elapsedMillis();
        offset.accumulateAndGet(seen, Math::max);
    }

    long now() {
        long known = offset.get();
        return known == UNSET ? System.currentTimeMillis() : known + elapsedMillis();
    }

    private static long elapsedMillis() {
        return System.nanoTime() / 1_000_000;
    }
}
