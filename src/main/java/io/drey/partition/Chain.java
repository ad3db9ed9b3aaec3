// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Answers.Answer;
import io.drey.ledger.Commit;
import io.drey.ledger.CommitResult.Committed;
import io.drey.model.Entry;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The changes of one key in one commit, each built on the one before: one row, several log entries. */
final class Chain {
    private final RecordKey key;
    private final OwnedPartition owner;
    private final Slot slot;
    private final Head base;
    private final List<Pending> steps = new ArrayList<>(1);

    Chain(Pending first) {
        this.key = first.key();
        this.owner = first.owner();
        this.slot = first.slot();
        this.base = first.base();
    }

    void add(Pending step) {
        steps.add(step);
    }

    List<Pending> steps() {
        return steps;
    }

    void begins(CompletableFuture<Void> settled) {
        slot.commitBegins(settled);
    }

    Commit.RecordCommit commit(long now) {
        var logged = new ArrayList<Commit.Step>(steps.size());
        for (var step : steps) {
            var execution = step.execution();
            long id = execution == null ? 0 : execution.command().id();
            logged.add(new Commit.Step(step.transition().change(), id, answer(step, now)));
        }
        return new Commit.RecordCommit(
                key, owner.id(), owner.epoch(), base.version(), base.size(), last().entry(), logged);
    }

    private static Answer answer(Pending step, long now) {
        var once = step.execution() == null ? null : step.execution().command().once();
        if (once == null) {
            return null;
        }
        var content = OutcomeCodec.encode(
                step.execution().command().operation(), step.transition().outcome());
        return new Answer(once.account(), once.key(), once.part(), once.fingerprint(), 0, content, now);
    }

    private Head last() {
        return steps.get(steps.size() - 1).head();
    }

    /** Makes the new state readable and hands out the outcomes. */
    void committed(Committed committed, Releases releases) {
        var before = slot.entry();
        var after = lastEntry(committed);
        slot.commitEnds(after);
        if (!owner.isReleased()) {
            owner.reweigh(key, before, after);
        }
        long position = committed.firstPosition();
        for (var step : steps) {
            step.head().commit(step.head().entry() == null ? Entry.PENDING : position);
            owner.leave(slot);
            release(step, step.transition().outcome().at(position), releases);
            position++;
        }
    }

    /** What the log says of it; null when it did not take effect. */
    Committed found(Map<Long, Long> positions) {
        for (int index = 0; index < steps.size(); index++) {
            var execution = steps.get(index).execution();
            var position =
                    execution == null ? null : positions.get(execution.command().id());
            if (position != null) {
                return new Committed(position - index, null);
            }
        }
        return null;
    }

    private Entry lastEntry(Committed committed) {
        var entry = last().entry();
        if (entry == null) {
            return null;
        }
        Value value = committed.value() == null ? entry.value() : committed.value();
        return entry.withValue(value).withVersion(committed.firstPosition() + steps.size() - 1);
    }

    private static void release(Pending step, Outcome outcome, Releases releases) {
        var execution = step.execution();
        if (execution != null) {
            releases.add(execution.context(), () -> execution.complete(outcome));
        }
    }

    /** Undoes the steps in memory: heads fall back to the base. */
    void refuse() {
        slot.commitEnds();
        for (var step : steps) {
            step.refuse();
            owner.leave(slot);
        }
    }

    /** Like {@link #refuse}, and what is remembered of the record is no longer believed. */
    void discard() {
        owner.discard(key, slot);
        refuse();
    }

    boolean isOf(OwnedPartition other) {
        return owner == other;
    }

    int partition() {
        return owner.id();
    }

    RecordKey key() {
        return key;
    }

    /** The executions, without expiries that came by the way: whoever meets the record again expires it again. */
    List<Execution> executions() {
        return steps.stream()
                .map(Pending::execution)
                .filter(execution -> execution != null)
                .toList();
    }
}
