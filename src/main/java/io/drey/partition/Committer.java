// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.CommitResult;
import io.drey.ledger.LedgerException;
import io.drey.ledger.Records;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes all that waits as one commit, settles it, and goes on: group commit. One commit of this node is out at a time,
 * which is what lets each change name its predecessor. {@link #offer} may be called from any thread and never blocks.
 */
final class Committer {
    private static final Logger LOG = LoggerFactory.getLogger(Committer.class);
    private static final Duration[] COMMIT_BUCKETS = IntStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000)
            .mapToObj(Duration::ofMillis)
            .toArray(Duration[]::new);

    private final Records records;
    private final Partitions partitions;
    private final Executor executor;
    private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final AtomicInteger waiting = new AtomicInteger();
    private final Timer commitTime;
    private final DistributionSummary batchSize;
    private volatile long lastCommitNanos;

    Committer(Records records, Partitions partitions, Executor executor, MeterRegistry metrics) {
        this.records = records;
        this.partitions = partitions;
        this.executor = executor;
        this.commitTime = Timer.builder("drey.commit.time")
                .description("Time of one commit in the ledger")
                .serviceLevelObjectives(COMMIT_BUCKETS)
                .register(metrics);
        this.batchSize = DistributionSummary.builder("drey.commit.changes")
                .description("Changes in one commit")
                .serviceLevelObjectives(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000)
                .register(metrics);
        metrics.gauge("drey.commit.waiting", waiting);
    }

    /** In the order of application for each key. */
    void offer(Pending pending) {
        if (!pending.isChange() && pending.base().isCommitted()) {
            pending.owner().leave(pending.slot());
            pending.execution().context().runOnContext(v -> answer(pending));
            return;
        }
        queue.add(pending);
        waiting.incrementAndGet();
        if (busy.compareAndSet(false, true)) {
            next();
        }
    }

    /**
     * What changed nothing rests on memory alone. First the lease, then the claim: a claim that still stands after a lease
     * was held shows that it was the lease of this claim, and not one of a later incarnation.
     */
    private void answer(Pending pending) {
        if (!partitions.lease().isHeld()) {
            pending.execution().fail(Failure.leaseLost());
        } else if (pending.owner().isReleased()) {
            partitions.start(pending.execution());
        } else {
            pending.execution()
                    .complete(pending.transition().outcome().at(pending.base().version()));
        }
    }

    /** Whether nothing waits and no commit is out. */
    boolean isIdle() {
        return queue.isEmpty() && !busy.get();
    }

    /** How long the last commits took, smoothed. */
    double latencyMillis() {
        return lastCommitNanos / 1e6;
    }

    private void next() {
        while (true) {
            var batch = CommitBatch.take(queue, partitions);
            waiting.addAndGet(-batch.taken());
            if (batch.needsCommit()) {
                commit(batch, this::next);
                return;
            }
            guarded(batch::settleWithoutCommit);
            if (queue.isEmpty()) {
                busy.set(false);
                // Whoever offered something just before found the committer busy and left it to us.
                if (queue.isEmpty() || !busy.compareAndSet(false, true)) {
                    return;
                }
            }
        }
    }

    private void commit(CommitBatch batch, Runnable then) {
        long begun = System.nanoTime();
        CompletableFuture<CommitResult> stage;
        try {
            stage = records.commit(batch.commit()).toCompletableFuture();
        } catch (RuntimeException | Error e) {
            stage = CompletableFuture.failedFuture(e);
        }
        // A ledger that answers at once would else nest one commit in the other.
        Runnable next = stage.isDone() ? () -> executor.execute(then) : then;
        stage.whenComplete((result, thrown) -> {
            note(batch, System.nanoTime() - begun);
            var halves = thrown == null ? null : halves(batch, thrown);
            if (halves != null) {
                commit(halves.get(0), () -> commit(halves.get(1), next));
                return;
            }
            if (thrown != null && partitions.ledger().isShared() && isUnknown(thrown)) {
                resolve(batch, next);
                return;
            }
            settle(batch, result, thrown);
            next.run();
        });
    }

    private static boolean isUnknown(Throwable thrown) {
        return LedgerFailures.of(thrown).kind() == Failure.Kind.UNKNOWN;
    }

    private void resolve(CommitBatch batch, Runnable next) {
        LOG.warn("The answer to a commit of {} changes was lost; finding out what became of it", batch.changes());
        partitions
                .doubt()
                .resolve(batch.partitions(), batch.operations(), batch.sentAfter())
                .whenComplete((positions, failure) -> {
                    if (failure == null) {
                        guarded(() -> batch.resolve(positions));
                    } else {
                        settle(batch, null, failure);
                    }
                    next.run();
                });
    }

    private void note(CommitBatch batch, long nanos) {
        commitTime.record(nanos, TimeUnit.NANOSECONDS);
        batchSize.record(batch.changes());
        lastCommitNanos += (nanos - lastCommitNanos) / 8;
    }

    /** Without room, what only removes may still be committed: it is looked for by halving. Else null. */
    private static List<CommitBatch> halves(CommitBatch batch, Throwable thrown) {
        var cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        return cause instanceof LedgerException.Full && batch.canSplit() ? batch.split() : null;
    }

    private static void settle(CommitBatch batch, CommitResult result, Throwable thrown) {
        guarded(() -> {
            if (thrown == null) {
                batch.settle(result);
            } else {
                batch.fail(LedgerFailures.of(thrown));
            }
        });
    }

    private static void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            // A defect here must not stop every write after it.
            LOG.error("A commit could not be settled", e);
        }
    }
}
