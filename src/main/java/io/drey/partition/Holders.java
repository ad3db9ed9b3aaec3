// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Claims.View;
import java.util.HashMap;

/**
 * Which node holds which partition, as the last renewal showed or the nodes said since. It may be behind: whoever is
 * asked in vain says so. That a claim with a greater epoch was made is true whenever it is known. Safe from any thread.
 */
final class Holders {
    private final int count;
    private volatile Holder[] holders;
    private volatile long completeNanos = System.nanoTime();
    private volatile boolean wasComplete;

    Holders(int count) {
        this.count = count;
        this.holders = new Holder[count];
    }

    synchronized void viewed(View view) {
        var nodes = new HashMap<Long, String>();
        view.members()
                .forEach(member -> nodes.put(member.incarnation(), member.node().name()));
        var seen = new Holder[count];
        view.claims().forEach((partition, claim) -> {
            if (partition < count && nodes.containsKey(claim.incarnation())) {
                seen[partition] = new Holder(nodes.get(claim.incarnation()), claim.epoch());
            }
        });
        replace(seen);
    }

    /** What a node has said of itself, which may be news or old by now: the greater epoch is the later claim. */
    synchronized void heard(Move move) {
        var seen = holders.clone();
        move.claimed().forEach((partition, epoch) -> {
            var known = partition < count ? seen[partition] : null;
            if (partition < count && (known == null || known.epoch() < epoch)) {
                seen[partition] = new Holder(move.node(), epoch);
            }
        });
        for (int partition : move.released()) {
            if (partition < count
                    && seen[partition] != null
                    && seen[partition].node().equals(move.node())) {
                seen[partition] = null;
            }
        }
        replace(seen);
    }

    private void replace(Holder[] seen) {
        holders = seen;
        if (missing() == 0) {
            completeNanos = System.nanoTime();
            wasComplete = true;
        }
    }

    synchronized void forget() {
        holders = new Holder[count];
    }

    /** Null when nobody holds the partition, as far as is known. */
    Holder of(int partition) {
        return holders[partition];
    }

    int countOf(String node) {
        int number = 0;
        for (var holder : holders) {
            number += holder != null && holder.node().equals(node) ? 1 : 0;
        }
        return number;
    }

    /** How many partitions nobody holds. */
    int missing() {
        int number = 0;
        for (var holder : holders) {
            number += holder == null ? 1 : 0;
        }
        return number;
    }

    /** Whether all partitions were held within the last {@code millis}: one that moves is not missing yet. */
    boolean wereComplete(long millis) {
        return wasComplete && System.nanoTime() - completeNanos < millis * 1_000_000;
    }

    /** {@code epoch} tells one claim of a node from its next. */
    record Holder(String node, long epoch) {}
}
