// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.member;

/**
 * The time for which this node may believe what it remembers. It runs from the moment a renewal was sent, by elapsed
 * time, and never longer than what the ledger's other users wait before they end this node. Safe from any thread;
 * asking costs two readings of clocks.
 */
public final class Lease {
    /** For a ledger that nobody else can use. */
    private static final long ENDLESS = Long.MAX_VALUE;

    private final long millis;
    private volatile Term term = new Term(0, 0, 0, 0);

    private Lease(long millis) {
        this.millis = millis;
    }

    /** {@code millis} of others, less a tenth: clocks of two machines need not run alike. */
    static Lease of(long millis) {
        return new Lease(millis - millis / 10);
    }

    static Lease endless() {
        return new Lease(ENDLESS);
    }

    /** Whether what was remembered before this call was true then. */
    public boolean isHeld() {
        return millis == ENDLESS || term.isRunning();
    }

    /** From the moment that a renewal was sent. */
    void extend(Moment sent) {
        term = new Term(sent.nanos(), sent.nanos() + millis * 1_000_000, sent.millis(), sent.millis() + millis);
    }

    void lose() {
        term = new Term(0, 0, 0, 0);
    }

    /** By both clocks, for a suspended machine stops one of them, and a wall clock may be set. */
    record Moment(long nanos, long millis) {
        static Moment now() {
            return new Moment(System.nanoTime(), System.currentTimeMillis());
        }
    }

    /** A wall clock that was set back, before the start of the term, tells nothing. */
    private record Term(long fromNanos, long untilNanos, long fromMillis, long untilMillis) {
        boolean isRunning() {
            return fromNanos != untilNanos
                    && System.nanoTime() - untilNanos < 0
                    && System.currentTimeMillis() < untilMillis;
        }
    }
}
