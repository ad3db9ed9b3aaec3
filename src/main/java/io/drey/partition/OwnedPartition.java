// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.drey.model.RecordKey;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * A partition under one claim of this node. A new claim makes a new object, so nothing remembered under one epoch is
 * ever seen under another.
 */
final class OwnedPartition {
    private final int id;
    private final long epoch;
    private final LongAdder memory;
    private final ConcurrentHashMap<RecordKey, Slot> slots = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RecordKey, Load> loads = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<RecordKey, KeyLock> locks = new ConcurrentHashMap<>();
    private final AtomicInteger underWay = new AtomicInteger();
    private volatile boolean released;

    OwnedPartition(int id, long epoch, LongAdder memory) {
        this.id = id;
        this.epoch = epoch;
        this.memory = memory;
    }

    int id() {
        return id;
    }

    long epoch() {
        return epoch;
    }

    /** Says that something is under way for a record; false when the record has just been evicted. */
    boolean enter(Slot slot) {
        if (!slot.pin()) {
            return false;
        }
        underWay.incrementAndGet();
        return true;
    }

    void leave(Slot slot) {
        slot.unpin();
        underWay.decrementAndGet();
    }

    /** Whether nothing is under way, so that it can be given up without refusing anything. */
    boolean isIdle() {
        return underWay.get() == 0;
    }

    boolean isReleased() {
        return released;
    }

    void release() {
        released = true;
        slots.forEach(this::forget);
    }

    /** Null when the record has to be loaded first. */
    Slot slot(RecordKey key) {
        return slots.get(key);
    }

    ConcurrentHashMap<RecordKey, Slot> slots() {
        return slots;
    }

    Slot loaded(RecordKey key, Entry entry) {
        var slot = new Slot(entry);
        var there = slots.putIfAbsent(key, slot);
        if (there != null) {
            return there;
        }
        memory.add(Slot.weight(key.bytes(), entry));
        if (released) {
            forget(key, slot);
        }
        return slot;
    }

    /** A commit replaced {@code before} by {@code after}. */
    void reweigh(RecordKey key, Entry before, Entry after) {
        memory.add(Slot.weight(key.bytes(), after) - Slot.weight(key.bytes(), before));
    }

    /** Forgets the record unless it was used since the last visit or is under way; answers whether it did. */
    boolean evict(RecordKey key, Slot slot) {
        if (!slot.evict()) {
            return false;
        }
        forget(key, slot);
        return true;
    }

    /** Forgets the record at once, whatever is under way for it: it is to be loaded anew. */
    void discard(RecordKey key, Slot slot) {
        slot.discard();
        forget(key, slot);
    }

    private void forget(RecordKey key, Slot slot) {
        if (slots.remove(key, slot)) {
            memory.add(-Slot.weight(key.bytes(), slot.entry()));
        }
    }

    ConcurrentHashMap<RecordKey, Load> loads() {
        return loads;
    }

    ConcurrentHashMap<RecordKey, KeyLock> locks() {
        return locks;
    }
}
