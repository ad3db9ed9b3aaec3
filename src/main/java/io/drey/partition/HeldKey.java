// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.drey.model.Limits;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A key of an atomic batch that this node owns: its lock, its slot, and what it held when the lock was taken. */
final class HeldKey implements BatchKey {
    private final RecordKey key;
    private final OwnedPartition owner;
    private final Partitions partitions;
    private final Context context;
    private KeyLock lock;
    private Slot slot;
    private Entry entry;
    private byte[] materialized;

    HeldKey(RecordKey key, OwnedPartition owner, Partitions partitions, Context context) {
        this.key = key;
        this.owner = owner;
        this.partitions = partitions;
        this.context = context;
    }

    /** Takes the lock, in its turn, and reads the key behind all that was applied before. */
    Future<Void> hold(Commands commands, boolean needsValue, long deadlineNanos) {
        Promise<Void> locked = Promise.promise();
        lock(locked);
        return locked.future()
                .compose(v -> commands.sendLocked(Commands.get(key), deadlineNanos))
                .compose(outcome -> read(outcome, commands, needsValue, partitions.limits()));
    }

    private void lock(Promise<Void> locked) {
        var mine = new KeyLock();
        var other = owner.locks().putIfAbsent(key, mine);
        if (other == null) {
            lock = mine;
            locked.complete();
        } else if (!other.park(() -> context.runOnContext(v -> lock(locked)))) {
            lock(locked);
        }
    }

    private Future<Void> read(Outcome outcome, Commands commands, boolean needsValue, Limits limits) {
        entry = outcome instanceof Outcome.Done done ? done.entry() : null;
        slot = owner.slot(key);
        if (slot == null || !owner.enter(slot)) {
            slot = null;
            return Future.failedFuture(
                    new Failure(Failure.Kind.UNAVAILABLE, "A record of the batch was let go or moved meanwhile."));
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

    @Override
    public RecordKey key() {
        return key;
    }

    @Override
    public int partition() {
        return owner.id();
    }

    @Override
    public long epoch() {
        return owner.epoch();
    }

    @Override
    public boolean stands() {
        return !owner.isReleased();
    }

    @Override
    public Entry entry() {
        return entry;
    }

    @Override
    public byte[] materialized() {
        return materialized;
    }

    @Override
    public void commitBegins(CompletableFuture<Void> settled) {
        slot.commitBegins(settled);
    }

    @Override
    public void committed(Entry next) {
        var before = slot.entry();
        slot.commitEnds(next);
        if (!owner.isReleased()) {
            owner.reweigh(key, before, next);
        }
    }

    @Override
    public void unchanged() {
        slot.commitEnds();
    }

    @Override
    public void commitFails(boolean doubtful) {
        if (doubtful) {
            owner.discard(key, slot);
        }
        slot.commitEnds();
    }

    @Override
    public Future<Void> shutOut() {
        return Future.fromCompletionStage(partitions.doubt().shutOut(List.of(owner.id())), context);
    }

    @Override
    public void letGo() {
        if (slot != null) {
            owner.leave(slot);
            slot = null;
        }
        if (lock != null) {
            owner.locks().remove(key, lock);
            lock.release().forEach(Runnable::run);
            lock = null;
        }
    }
}
