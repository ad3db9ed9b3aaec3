// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.drey.model.Value;
import java.util.concurrent.CompletableFuture;

/**
 * What this node knows of one record of a partition that it owns: the committed entry, which readers take without a
 * hop, and what is under way.
 *
 * <p>There is no commit without a slot, and a slot that something is under way for stays. So a load, which begins and
 * ends without a slot, can never bring back a state that a commit has replaced.
 */
final class Slot {
    /** What an entry costs in memory beside its key and value, measured on a 64-bit JVM with compressed pointers. */
    private static final int OVERHEAD_BYTES = 220;

    private volatile Entry entry;
    private volatile CompletableFuture<Void> commit;
    private int pins;
    private boolean evicted;
    private boolean touched;

    Slot(Entry entry) {
        this.entry = entry;
        this.touched = true;
    }

    /** The committed entry, null when the record is absent. */
    Entry entry() {
        return entry;
    }

    /** Completes when the commit that is out for this record is settled; null when none is out. */
    CompletableFuture<Void> commit() {
        return commit;
    }

    void commitBegins(CompletableFuture<Void> settled) {
        commit = settled;
    }

    /** A commit is settled; {@code committed} is what the ledger has now. */
    void commitEnds(Entry committed) {
        entry = committed;
        commit = null;
    }

    /** The commit that is out changed nothing. */
    void commitEnds() {
        commit = null;
    }

    /** Marks the record as used; a plain field, since a lost mark costs one load at most. */
    void touch() {
        if (!touched) {
            touched = true;
        }
    }

    /** Holds the slot while something is under way; false when it has just been evicted. */
    synchronized boolean pin() {
        if (evicted) {
            return false;
        }
        pins++;
        touched = true;
        return true;
    }

    synchronized void unpin() {
        pins--;
    }

    /** One turn of the clock hand: true when nobody used or holds the record since the last one. */
    synchronized boolean evict() {
        if (touched) {
            touched = false;
            return false;
        }
        if (pins > 0 || commit != null) {
            return false;
        }
        evicted = true;
        return true;
    }

    synchronized void discard() {
        evicted = true;
    }

    static long weight(byte[] key, Entry entry) {
        long value = entry != null && entry.value() instanceof Value.Inline inline ? inline.bytes().length : 0;
        return OVERHEAD_BYTES + key.length + value;
    }
}
