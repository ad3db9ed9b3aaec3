// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/** The three things that a write can say about expiry, as one number of milliseconds. */
public final class Ttl {
    /** Leaves the expiry as it is; a new record gets the store's default. */
    public static final long KEEP = -1;
    /** The record never expires. */
    public static final long NONE = 0;

    private Ttl() {}

    /** The instant of expiry that follows from {@code ttl}, given the one so far. */
    static long expiresAt(long ttl, long soFar, long now) {
        if (ttl == KEEP) {
            return soFar;
        }
        return ttl == NONE ? Entry.NEVER : now + ttl;
    }
}
