// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.hazelcast.map.EntryProcessor;
import io.drey.model.Context;
import io.drey.model.Entry;
import io.drey.model.Operation;
import io.drey.model.RecordKey;
import io.drey.model.Rules;
import io.drey.model.Transition;
import io.drey.model.Value;
import java.util.Map;

/**
 * The one entry processor: takes a record from its newest head to the next, by {@link Rules}, and hands the result to
 * the committer in the order of application. Runs on the partition's thread, on the owner alone; it never travels.
 */
final class ApplyOperation implements EntryProcessor<RecordKey, Head, ApplyOperation.Result> {
    private static final long serialVersionUID = 1L;

    private final transient Execution execution;
    private final transient OwnedPartition owner;
    private final transient Partitions partitions;
    private final transient boolean holdsLock;

    ApplyOperation(Execution execution, OwnedPartition owner, Partitions partitions, boolean holdsLock) {
        this.execution = execution;
        this.owner = owner;
        this.partitions = partitions;
        this.holdsLock = holdsLock;
    }

    @Override
    public Result process(Map.Entry<RecordKey, Head> entry) {
        var key = execution.command().key();
        if (owner == null || owner.isReleased()) {
            return Result.NOT_MINE;
        }
        if (!holdsLock && isLocked(key)) {
            return Result.PARKED;
        }
        var slot = owner.slot(key);
        if (slot == null || !slot.pin()) {
            return Result.NOT_LOADED;
        }
        var base = Head.newest(entry.getValue(), owner);
        return apply(slot, base == null ? Head.committed(owner, slot.entry()) : base, entry);
    }

    private boolean isLocked(RecordKey key) {
        if (owner.locks().isEmpty()) {
            return false;
        }
        var lock = owner.locks().get(key);
        return lock != null && lock.park(() -> partitions.start(execution));
    }

    private Result apply(Slot slot, Head found, Map.Entry<RecordKey, Head> entry) {
        var command = execution.command();
        var context = new Context(partitions.ledger().now(), command.defaultTtl(), partitions.limits());
        var base = found;
        if (base.entry() != null && base.entry().isExpired(context.now())) {
            base = expire(slot, base, context, entry);
        }
        byte[] bytes = null;
        if (needsValue(base.entry(), command.operation())) {
            bytes = valueOf((Value.Stored) base.entry().value());
            if (bytes == null) {
                slot.unpin();
                execution.needs((Value.Stored) base.entry().value());
                return Result.NEEDS_VALUE;
            }
        }
        var transition = Rules.apply(base.entry(), bytes, command.operation(), context);
        var head = transition.change() == null ? null : advance(base, transition, entry);
        partitions.committer().offer(new Pending(execution, owner, command.key(), slot, base, head, transition));
        return Result.APPLIED;
    }

    private Head expire(Slot slot, Head expired, Context context, Map.Entry<RecordKey, Head> entry) {
        slot.pin();
        var key = execution.command().key();
        var transition = Rules.expire(expired.entry(), context);
        var head = advance(expired, transition, entry);
        partitions.committer().offer(new Pending(null, owner, key, slot, expired, head, transition));
        return head;
    }

    private Head advance(Head base, Transition transition, Map.Entry<RecordKey, Head> entry) {
        if (entry.getValue() == null) {
            partitions.heads().added(execution.command().key());
        }
        var head = Head.after(base, transition.next());
        entry.setValue(head);
        return head;
    }

    private boolean needsValue(Entry current, Operation operation) {
        return current != null
                && operation.kind().readsValue()
                && current.value() instanceof Value.Stored stored
                && stored.size() <= partitions.limits().jsonBytesMax();
    }

    private byte[] valueOf(Value.Stored stored) {
        var materialized = execution.materialized();
        return materialized != null && materialized.value().id() == stored.id() ? materialized.bytes() : null;
    }

    /** Where a command stands after the processor. */
    enum Result {
        /** Its outcome comes from the committer. */
        APPLIED,
        /** An atomic batch holds the key and will start it again. */
        PARKED,
        /** The record has to be loaded first. */
        NOT_LOADED,
        /** The bytes of a large value have to be fetched first. */
        NEEDS_VALUE,
        /** This node no longer owns the partition. */
        NOT_MINE
    }
}
