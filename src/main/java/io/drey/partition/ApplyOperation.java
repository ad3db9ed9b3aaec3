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
final class ApplyOperation implements EntryProcessor<RecordKey, Head, Void> {
    private static final long serialVersionUID = 1L;

    private final transient Execution execution;
    private final transient OwnedPartition owner;
    private final transient Partitions partitions;
    /** Stays so when Hazelcast carried this to another node, whose copy has a result of its own. */
    private transient Result result = Result.NOT_MINE;

    ApplyOperation(Execution execution, OwnedPartition owner, Partitions partitions) {
        this.execution = execution;
        this.owner = owner;
        this.partitions = partitions;
    }

    /** Where the command stands; to be read when the call is complete. */
    Result result() {
        return result;
    }

    /** Answers nothing: Hazelcast would serialize it, also for a caller in the same process. */
    @Override
    public Void process(Map.Entry<RecordKey, Head> entry) {
        result = take(entry);
        return null;
    }

    private Result take(Map.Entry<RecordKey, Head> entry) {
        // Null on a node to which Hazelcast has carried this, since its table is ahead of our claims.
        if (owner == null || owner.isReleased()) {
            return Result.NOT_MINE;
        }
        var key = execution.command().key();
        if (!execution.holdsLock() && isLocked(key)) {
            return Result.PARKED;
        }
        var slot = owner.slot(key);
        if (slot == null || !owner.enter(slot)) {
            return Result.NOT_LOADED;
        }
        boolean handedOn = false;
        try {
            var applied = apply(slot, see(entry.getValue(), slot), entry);
            handedOn = applied == Result.APPLIED;
            return applied;
        } finally {
            if (!handedOn) {
                owner.leave(slot);
            }
        }
    }

    /** The newest state: one under way, or what the slot says. */
    private Seen see(Head held, Slot slot) {
        Head head;
        while ((head = Head.underWay(held, owner)) != null) {
            var entry = head.entry();
            if (head.isUnderWay()) {
                return new Seen(head, entry);
            }
        }
        var entry = slot.entry();
        return new Seen(Head.committed(owner, entry), entry);
    }

    private boolean isLocked(RecordKey key) {
        if (owner.locks().isEmpty()) {
            return false;
        }
        var lock = owner.locks().get(key);
        return lock != null && lock.park(() -> execution.context().runOnContext(v -> partitions.start(execution)));
    }

    private Result apply(Slot slot, Seen found, Map.Entry<RecordKey, Head> entry) {
        var command = execution.command();
        var context = new Context(partitions.ledger().now(), command.defaultTtl(), partitions.limits());
        var seen = found;
        if (seen.entry() != null && seen.entry().isExpired(context.now())) {
            seen = expire(slot, seen, context, entry);
            if (seen == null) {
                return Result.NOT_LOADED;
            }
        }
        byte[] bytes = null;
        if (needsValue(seen.entry(), command.operation())) {
            bytes = valueOf((Value.Stored) seen.entry().value());
            if (bytes == null) {
                execution.needs((Value.Stored) seen.entry().value());
                return Result.NEEDS_VALUE;
            }
        }
        var transition = Rules.apply(seen.entry(), bytes, command.operation(), context);
        var head = transition.change() == null ? null : advance(seen.head(), transition, entry);
        partitions.committer().offer(new Pending(execution, owner, command.key(), slot, seen.head(), head, transition));
        return Result.APPLIED;
    }

    /** Null when the record was let go meanwhile. */
    private Seen expire(Slot slot, Seen expired, Context context, Map.Entry<RecordKey, Head> entry) {
        if (!owner.enter(slot)) {
            return null;
        }
        var key = execution.command().key();
        var transition = Rules.expire(expired.entry(), context);
        var head = advance(expired.head(), transition, entry);
        partitions.committer().offer(new Pending(null, owner, key, slot, expired.head(), head, transition));
        return new Seen(head, null);
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

    /** A head and its entry, null when absent; the entry stays though the head may be settled meanwhile. */
    private record Seen(Head head, Entry entry) {}

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
