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
import io.drey.model.Entry;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.eventbus.ReplyException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Coordinates an atomic batch: takes its keys in key order, so that two batches never wait for each other in a ring;
 * reads each behind all that was applied before; applies the operations to what it read; commits all of it at once,
 * under the epochs of the keys' owners, whichever nodes these are; lets go. Reads of the keys wait while the commit is
 * out. Runs on one event loop.
 */
final class AtomicBatch extends Attempt {
    private static final long ROUTE_AGAIN_MILLIS = 10;

    private final Partitions partitions;
    private final Commands commands;
    private final Context context;
    private final List<Command> operations;
    private final Command.Once once;
    private final Promise<BatchOutcome> promise = Promise.promise();
    private final NavigableSet<RecordKey> order = new TreeSet<>();
    private final Map<RecordKey, BatchKey> keys = new LinkedHashMap<>();
    private final long id = OperationIds.next();

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
        operations.forEach(operation -> order.add(operation.key()));
    }

    Future<BatchOutcome> run() {
        prepare(order.isEmpty() ? null : order.first());
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
        hold(key).onSuccess(v -> guarded(() -> prepare(order.higher(key)))).onFailure(failure -> {
            if (isMoved(failure) && !isEnded()) {
                context.owner().setTimer(ROUTE_AGAIN_MILLIS, timer -> context.runOnContext(v -> prepare(key)));
            } else {
                fail(failure);
            }
        });
    }

    private Future<Void> hold(RecordKey key) {
        var owner = partitions.owner(key);
        if (owner != null) {
            var held = new HeldKey(key, owner, partitions, context);
            keys.put(key, held);
            return held.hold(commands, reads(key), deadlineNanos());
        }
        var holder = partitions.elsewhere().holder(key);
        if (holder == null) {
            return Future.failedFuture(new Failure(Failure.Kind.MOVED, "No node owns the partition of a key now."));
        }
        long millis = Math.max(1, (deadlineNanos() - System.nanoTime()) / 1_000_000);
        var distant = new DistantKey(key, key.partition(partitions.count()), holder, id, context.owner());
        keys.put(key, distant);
        return distant.hold(
                commands,
                reads(key),
                partitions.limits().jsonBytesMax(),
                partitions.ledger().now() + millis,
                millis);
    }

    private static boolean isMoved(Throwable failure) {
        return failure instanceof Failure known && known.kind() == Failure.Kind.MOVED
                || Elsewhere.isUndelivered(failure);
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
        // What follows rests on memory unless it is committed; see Committer for the order of these two.
        if (!partitions.lease().isHeld() || !keys.values().stream().allMatch(BatchKey::stands)) {
            fail(new Failure(Failure.Kind.UNAVAILABLE, "A key of the batch has moved meanwhile."));
            return;
        }
        var run = new BatchRun(keys, operations, partitions);
        var refused = run.apply();
        if (refused != null) {
            refuse(refused.index(), refused.outcome());
            return;
        }
        if (!run.changes()) {
            confirm(run);
            return;
        }
        if (!send()) {
            letGo();
            return;
        }
        commit(run);
    }

    /** A batch that changed nothing shows one instant: the one in which the ledger has what its keys had. */
    private void confirm(BatchRun run) {
        if (keys.size() <= 1 || !partitions.ledger().isShared()) {
            letGo();
            answer(new BatchOutcome.Applied(run.outcomes(0)));
            return;
        }
        var held = List.copyOf(keys.values());
        LedgerFailures.future(
                        context,
                        partitions
                                .ledger()
                                .records()
                                .load(held.stream().map(BatchKey::key).toList()))
                .onFailure(this::fail)
                .onSuccess(entries -> {
                    boolean same = true;
                    for (int i = 0; i < held.size(); i++) {
                        same &= version(entries.get(i)) == version(held.get(i).entry());
                    }
                    if (same) {
                        letGo();
                        answer(new BatchOutcome.Applied(run.outcomes(0)));
                    } else {
                        fail(new Failure(Failure.Kind.UNAVAILABLE, "A key of the batch has moved meanwhile."));
                    }
                });
    }

    private static long version(Entry entry) {
        return entry == null ? Entry.PENDING : entry.version();
    }

    private void commit(BatchRun run) {
        var settled = new CompletableFuture<Void>();
        var name = Long.toUnsignedString(id, 36);
        var commit = new Commit(run.records(answer(run)), List.of(), name, run.guards());
        long sentAfter = partitions.knownPosition();
        keys.values().forEach(key -> key.commitBegins(settled));
        partitions
                .ledger()
                .records()
                .commit(commit)
                .whenComplete((result, thrown) -> context.runOnContext(v -> {
                    if (thrown != null && isDoubtful(thrown)) {
                        resolve(run, sentAfter, settled);
                        return;
                    }
                    guarded(() -> settle(run, result, thrown));
                    settled.complete(null);
                }));
    }

    private boolean isDoubtful(Throwable thrown) {
        return partitions.ledger().isShared() && LedgerFailures.of(thrown).kind() == Failure.Kind.UNKNOWN;
    }

    /** The answer was lost: every owner shuts the batch out, and then the log says what became of it. */
    private void resolve(BatchRun run, long sentAfter, CompletableFuture<Void> settled) {
        Future.join(keys.values().stream().map(BatchKey::shutOut).toList())
                .compose(v -> LedgerFailures.future(
                        context, partitions.ledger().log().positions(run.operations(), sentAfter)))
                .onComplete(found -> {
                    keys.values().forEach(key -> key.commitFails(true));
                    letGo();
                    settled.complete(null);
                    if (found.failed()) {
                        fail(new Failure(Failure.Kind.UNKNOWN, "Whether the batch was written is not known."));
                    } else if (found.result().isEmpty()) {
                        fail(new Failure(Failure.Kind.UNAVAILABLE, "The batch was not written and will not be."));
                    } else {
                        answer(new BatchOutcome.Applied(run.outcomes(found.result().values().stream()
                                .min(Long::compare)
                                .orElseThrow())));
                    }
                });
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
            // A holder that does not answer: nothing has been sent to the ledger yet.
            promise.fail(
                    thrown instanceof ReplyException
                            ? new Failure(Failure.Kind.UNAVAILABLE, "The owner of a key of the batch does not answer.")
                            : LedgerFailures.of(thrown));
        }
    }

    private void letGo() {
        keys.values().forEach(BatchKey::letGo);
    }
}
