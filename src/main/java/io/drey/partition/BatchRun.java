// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Answers.Answer;
import io.drey.ledger.Commit;
import io.drey.ledger.CommitResult;
import io.drey.ledger.CommitResult.Committed;
import io.drey.model.Context;
import io.drey.model.Entry;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Rules;
import io.drey.model.Transition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The operations of an atomic batch applied, in their order, to the states of its keys: each sees the ones before it.
 *
 * <p>Log positions are given in the order of keys and steps, so every version is the first position plus an offset that
 * is known before the commit.
 */
final class BatchRun {
    private final Map<RecordKey, BatchKey> keys;
    private final List<Command> operations;
    private final Partitions partitions;
    private final Map<RecordKey, Entry> states = new LinkedHashMap<>();
    private final Map<RecordKey, List<Commit.Step>> steps = new LinkedHashMap<>();
    private final List<Applied> applied = new ArrayList<>();

    BatchRun(Map<RecordKey, BatchKey> keys, List<Command> operations, Partitions partitions) {
        this.keys = keys;
        this.operations = operations;
        this.partitions = partitions;
        keys.values().forEach(key -> states.put(key.key(), key.entry()));
    }

    /** Null when all could be applied. */
    BatchOutcome.Refused apply() {
        for (int index = 0; index < operations.size(); index++) {
            var outcome = apply(operations.get(index));
            if (outcome != null) {
                return new BatchOutcome.Refused(index, outcome);
            }
        }
        return null;
    }

    /** The outcome that refuses the whole, else null. */
    private Outcome apply(Command command) {
        var key = command.key();
        var current = states.get(key);
        var context = new Context(partitions.ledger().now(), command.defaultTtl(), partitions.limits());
        var transition = Rules.apply(current, keys.get(key).materialized(), command.operation(), context);
        var keySteps = steps.get(key);
        int seen = keySteps == null ? 0 : keySteps.size();
        var refusal = refusal(transition, command);
        if (refusal instanceof Outcome.PreconditionFailed) {
            // What the batch itself wrote has no version and never will.
            var committed = keys.get(key).entry();
            return new Outcome.PreconditionFailed(committed == null ? null : committed.version());
        }
        if (refusal != null) {
            return refusal;
        }
        if (transition.change() != null) {
            keySteps = steps.computeIfAbsent(key, any -> new ArrayList<>());
            keySteps.add(new Commit.Step(transition.change(), command.id(), null));
            states.put(key, transition.next());
            seen++;
        }
        applied.add(new Applied(key, seen, transition.outcome()));
        return null;
    }

    /** A compare-and-set that does not apply fails the batch; a get of an absent key does not. */
    private static Outcome refusal(Transition transition, Command command) {
        if (transition.outcome() instanceof Outcome.NotFound
                && command.operation().kind() == Operation.Kind.GET) {
            return null;
        }
        if (!(transition.outcome() instanceof Outcome.Done done)) {
            return transition.outcome();
        }
        return done.detail() instanceof Outcome.Detail.Applied applied && !applied.applied()
                ? new Outcome.PreconditionFailed(null)
                : null;
    }

    /** The ids under which its changes stand in the log. */
    List<Long> operations() {
        return steps.values().stream()
                .flatMap(List::stream)
                .map(Commit.Step::operationId)
                .toList();
    }

    boolean changes() {
        return !steps.isEmpty();
    }

    /** The answer, if any, rides with the first step, whose position is the batch's first. */
    List<Commit.RecordCommit> records(Answer answer) {
        var records = new ArrayList<Commit.RecordCommit>();
        steps.forEach((key, keySteps) -> {
            if (records.isEmpty() && answer != null) {
                var first = keySteps.get(0);
                keySteps.set(0, new Commit.Step(first.change(), first.operationId(), answer));
            }
            var batchKey = keys.get(key);
            var base = batchKey.entry();
            records.add(new Commit.RecordCommit(
                    key,
                    batchKey.partition(),
                    batchKey.epoch(),
                    base == null ? Entry.PENDING : base.version(),
                    base == null ? 0 : base.value().size(),
                    states.get(key),
                    keySteps));
        });
        return records;
    }

    /** The claims of keys that are only read: what was read must still be so when the rest is written. */
    List<Commit.Guard> guards() {
        return keys.values().stream()
                .filter(key -> !steps.containsKey(key.key()))
                .map(key -> new Commit.Guard(key.partition(), key.epoch()))
                .toList();
    }

    /** Makes the new states readable. */
    void committed(CommitResult result) {
        var verdicts = result.records().iterator();
        for (var entry : steps.entrySet()) {
            var committed = (Committed) verdicts.next();
            var next = states.get(entry.getKey());
            long version = committed.firstPosition() + entry.getValue().size() - 1;
            keys.get(entry.getKey())
                    .committed(
                            next == null
                                    ? null
                                    : next.withValue(committed.value()).withVersion(version));
        }
        keys.forEach((key, batchKey) -> {
            if (!steps.containsKey(key)) {
                batchKey.unchanged();
            }
        });
    }

    /** The outcomes, the batch's first log position being {@code first}. */
    List<Outcome> outcomes(long first) {
        return relativeOutcomes().stream().map(relative -> relative.at(first)).toList();
    }

    List<RelativeOutcome> relativeOutcomes() {
        var offsets = new LinkedHashMap<RecordKey, Long>();
        long offset = 0;
        for (var entry : steps.entrySet()) {
            offsets.put(entry.getKey(), offset);
            offset += entry.getValue().size();
        }
        return applied.stream().map(one -> relative(one, offsets)).toList();
    }

    private RelativeOutcome relative(Applied one, Map<RecordKey, Long> offsets) {
        if (one.steps() == 0) {
            var entry = keys.get(one.key()).entry();
            return new RelativeOutcome(one.outcome(), entry == null ? Entry.PENDING : entry.version(), false);
        }
        return new RelativeOutcome(one.outcome(), offsets.get(one.key()) + one.steps() - 1, true);
    }

    int firstOperationOf(int record) {
        var key = List.copyOf(steps.keySet()).get(record);
        for (int index = 0; index < operations.size(); index++) {
            if (operations.get(index).key().equals(key)) {
                return index;
            }
        }
        return 0;
    }

    /** An outcome that saw the key after {@code steps} of its changes in this batch. */
    private record Applied(RecordKey key, int steps, Outcome outcome) {}

    /** {@code version} is counted from the batch's first log position when {@code relative}. */
    record RelativeOutcome(Outcome outcome, long version, boolean relative) {
        Outcome at(long first) {
            return outcome.at(relative ? first + version : version);
        }
    }
}
