// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * What a write can say about expiry, as one number: milliseconds from now when positive, or one of the constants, or an
 * instant made by {@link #at}.
 */
public final class Ttl {
    /** Leaves the expiry as it is; a new record gets the store's default. */
    public static final long KEEP = -1;
    /** The record never expires. */
    public static final long NONE = 0;

    private Ttl() {}

    /** The record expires at this instant, in milliseconds since 1970 UTC. */
    public static long at(long instant) {
        if (instant <= -KEEP) {
            throw new IllegalArgumentException("not an instant that anything can expire at: " + instant);
        }
        return -instant;
    }

    /** The instant of expiry that follows from {@code ttl}, given the one so far. */
    static long expiresAt(long ttl, long soFar, long now) {
        if (ttl == KEEP) {
            return soFar;
        }
        if (ttl == NONE) {
            return Entry.NEVER;
        }
        return ttl < KEEP ? -ttl : now + ttl;
    }
}
