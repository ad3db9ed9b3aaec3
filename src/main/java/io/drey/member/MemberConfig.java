// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.member;

/** {@code leaseMillis}: for how long after a renewal a node may answer from memory. */
public record MemberConfig(long leaseMillis) {
    public MemberConfig {
        if (leaseMillis <= 0) {
            throw new IllegalArgumentException("a lease must be positive");
        }
    }

    /** Several tries fit into one lease. */
    long renewalMillis() {
        return leaseMillis / 6;
    }

    /** A node that was silent for so long has lost its lease, by its own clock too. */
    long silenceMillis() {
        return leaseMillis + leaseMillis / 20;
    }
}
