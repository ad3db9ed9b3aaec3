// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Answers.Answer;
import io.drey.ledger.Commit;
import io.drey.ledger.CommitResult;
import io.drey.ledger.CommitResult.AlreadyAnswered;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.OverQuota;
import io.drey.ledger.CommitResult.SpaceClosed;
import io.drey.ledger.CommitResult.Stale;
import io.drey.ledger.CommitResult.Together;
import io.drey.ledger.CommitResult.Verdict;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * Coordinates an atomic batch: takes the locks of its keys in key order, so that two batches never wait for each other
 * in a ring; reads each key behind all that was applied before; applies the operations to what it read; commits all of
 * it at once; lets go. Reads of the keys wait while the commit is out. Runs on one event loop.
 */
final class AtomicBatch extends Attempt {
    private final Partitions partitions;
    private final Commands commands;
    private final Context context;
    private final List<Command> operations;
    private final Command.Once once;
    private final Promise<BatchOutcome> promise = Promise.promise();
    private final TreeMap<RecordKey, BatchKey> keys = new TreeMap<>();

    AtomicBatch(
            Partitions partitions,
            Commands commands,
            Context context,
            List<Command> operations,
            Command.Once once,
            long deadlineNanos) {
        super(deadlineNanos);
        this.partitions = partitions;
        this.commands = commands;
        this.context = context;
        this.operations = operations;
        this.once = once;
        for (var operation : operations) {
            keys.computeIfAbsent(operation.key(), BatchKey::new);
        }
    }

    Future<BatchOutcome> run() {
        prepare(keys.firstEntry() == null ? null : keys.firstKey());
        return promise.future();
    }

    @Override
    void failed(Failure failure) {
        promise.fail(failure);
    }

    private void prepare(RecordKey key) {
        if (isEnded()) {
            letGo();
            return;
        }
        if (key == null) {
            apply();
            return;
        }
        var batchKey = keys.get(key);
        var owner = partitions.owner(key);
        if (owner == null) {
            fail(new Failure(Failure.Kind.UNAVAILABLE, "No node owns the partition of a key now."));
            return;
        }
        if (!batchKey.lock(owner, () -> context.runOnContext(v -> prepare(key)))) {
            return;
        }
        commands.sendLocked(Commands.get(key), deadlineNanos())
                .compose(outcome -> batchKey.read(outcome, commands, reads(key), partitions.limits()))
                .onSuccess(v -> guarded(() -> prepare(keys.higherKey(key))))
                .onFailure(this::fail);
    }

    private boolean reads(RecordKey key) {
        return operations.stream()
                .anyMatch(operation -> operation.key().equals(key)
                        && operation.operation().kind().readsValue());
    }

    private void apply() {
        long materialized =
                keys.values().stream().mapToLong(BatchKey::materializedBytes).sum();
        if (materialized > partitions.config().batchBytesMax()) {
            refuse(
                    0,
                    new Outcome.TooLarge(
                            "The stored values that the batch works on together",
                            partitions.config().batchBytesMax(),
                            materialized));
            return;
        }
        var run = new BatchRun(keys, operations, partitions);
        var refused = run.apply();
        if (refused != null) {
            refuse(refused.index(), refused.outcome());
            return;
        }
        if (!run.changes()) {
            letGo();
            answer(new BatchOutcome.Applied(run.outcomes(0)));
            return;
        }
        if (!send()) {
            letGo();
            return;
        }
        commit(run);
    }

    private void commit(BatchRun run) {
        var settled = new CompletableFuture<Void>();
        var name = Long.toUnsignedString(OperationIds.next(), 36);
        var commit = new Commit(run.records(answer(run)), List.of(), name);
        keys.values().forEach(key -> key.commitBegins(settled));
        partitions
                .ledger()
                .records()
                .commit(commit)
                .whenComplete((result, thrown) -> context.runOnContext(v -> {
                    guarded(() -> settle(run, result, thrown));
                    settled.complete(null);
                }));
    }

    private Answer answer(BatchRun run) {
        if (once == null) {
            return null;
        }
        long now = partitions.ledger().now();
        var content = OutcomeCodec.encodeAll(operations, run.relativeOutcomes());
        return new Answer(once.account(), once.key(), once.part(), once.fingerprint(), 0, content, now);
    }

    private void settle(BatchRun run, CommitResult result, Throwable thrown) {
        if (thrown != null) {
            var failure = LedgerFailures.of(thrown);
            keys.values().forEach(key -> key.commitFails(failure.kind() == Failure.Kind.UNKNOWN));
            fail(failure);
            return;
        }
        var guilty = result.records().stream()
                .filter(verdict -> !(verdict instanceof Committed || verdict instanceof Together))
                .findFirst();
        if (guilty.isPresent()) {
            refused(run, result, guilty.get());
            return;
        }
        run.committed(result);
        letGo();
        answer(new BatchOutcome.Applied(
                run.outcomes(((Committed) result.records().get(0)).firstPosition())));
    }

    private void refused(BatchRun run, CommitResult result, Verdict verdict) {
        keys.values().forEach(key -> key.commitFails(verdict instanceof Stale));
        if (verdict instanceof OverQuota quota) {
            int index = run.firstOperationOf(result.records().indexOf(verdict));
            refuse(index, new Outcome.TooLarge("The store's quota of " + quota.what(), quota.limit(), quota.actual()));
        } else if (verdict instanceof SpaceClosed) {
            fail(new Failure(Failure.Kind.SPACE_CLOSED, "The store was emptied or deleted."));
        } else if (verdict instanceof AlreadyAnswered) {
            fail(new Failure(
                    Failure.Kind.ALREADY_ANSWERED, "Another request with this idempotency key was answered first."));
        } else if (verdict instanceof Stale) {
            fail(new Failure(Failure.Kind.UNAVAILABLE, "A partition of the batch's keys moved meanwhile."));
        } else {
            fail(new Failure(Failure.Kind.UNAVAILABLE, "An upload took too long and was let go."));
        }
    }

    private void refuse(int index, Outcome outcome) {
        letGo();
        answer(new BatchOutcome.Refused(index, outcome));
    }

    private void answer(BatchOutcome outcome) {
        if (end()) {
            promise.complete(outcome);
        }
    }

    /** Whatever goes wrong, the locks are let go. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            fail(e);
        }
    }

    private void fail(Throwable thrown) {
        letGo();
        if (end()) {
            promise.fail(LedgerFailures.of(thrown));
        }
    }

    private void letGo() {
        keys.values().forEach(BatchKey::unlock);
    }
}
