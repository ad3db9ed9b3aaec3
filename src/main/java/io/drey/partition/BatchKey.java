// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.drey.model.Limits;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;

/** One key of an atomic batch: its lock, what it held when the lock was taken, and how it stands in the batch. */
final class BatchKey {
    private final RecordKey key;
    private OwnedPartition owner;
    private KeyLock lock;
    private Slot slot;
    private Entry entry;
    private byte[] materialized;

    BatchKey(RecordKey key) {
        this.key = key;
    }

    RecordKey key() {
        return key;
    }

    OwnedPartition owner() {
        return owner;
    }

    /** As committed when the lock was taken, null when absent. */
    Entry entry() {
        return entry;
    }

    /** The bytes of a large value that an operation looks into, else null. */
    byte[] materialized() {
        return materialized;
    }

    long materializedBytes() {
        return materialized == null ? 0 : materialized.length;
    }

    /** Takes the lock; false when another batch has it, {@code retry} then runs when it lets go. */
    boolean lock(OwnedPartition partition, Runnable retry) {
        var mine = new KeyLock();
        var other = partition.locks().putIfAbsent(key, mine);
        if (other == null) {
            owner = partition;
            lock = mine;
            return true;
        }
        if (!other.park(retry)) {
            retry.run();
        }
        return false;
    }

    void unlock() {
        if (slot != null) {
            slot.unpin();
            slot = null;
        }
        if (lock != null) {
            owner.locks().remove(key, lock);
            lock.release().forEach(Runnable::run);
            lock = null;
        }
    }

    /** Takes over what the read behind the lock found. */
    Future<Void> read(Outcome outcome, Commands commands, boolean needsValue, Limits limits) {
        entry = outcome instanceof Outcome.Done done ? done.entry() : null;
        slot = owner.slot(key);
        if (slot == null || !slot.pin()) {
            slot = null;
            return Future.failedFuture(
                    new Failure(Failure.Kind.UNAVAILABLE, "Memory is short: a record of the batch had to go."));
        }
        if (needsValue
                && entry != null
                && entry.value() instanceof Value.Stored stored
                && stored.size() <= limits.jsonBytesMax()) {
            return commands.bytes(stored).map(bytes -> {
                materialized = bytes;
                return null;
            });
        }
        return Future.succeededFuture();
    }

    void commitBegins(CompletableFuture<Void> settled) {
        slot.commitBegins(settled);
    }

    void committed(Entry next) {
        var before = slot.entry();
        slot.commitEnds(next);
        if (!owner.isReleased()) {
            owner.reweigh(key, before, next);
        }
    }

    void unchanged() {
        slot.commitEnds();
    }

    /** Nothing happened, or, when {@code doubtful}, memory is not to be believed any longer. */
    void commitFails(boolean doubtful) {
        slot.commitEnds();
        if (doubtful) {
            owner.discard(key, slot);
        }
    }
}
