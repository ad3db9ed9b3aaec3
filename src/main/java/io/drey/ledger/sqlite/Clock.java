// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

/** Milliseconds since 1970 UTC, carried on by elapsed time from where they began, so never backwards. */
final class Clock {
    private final long begin;
    private final long beginNanos = System.nanoTime();

    /** Begins at the wall clock, but not before {@code floor}. */
    Clock(long floor) {
        this.begin = Math.max(floor, System.currentTimeMillis());
    }

    long now() {
        return begin + (System.nanoTime() - beginNanos) / 1_000_000;
    }
}
