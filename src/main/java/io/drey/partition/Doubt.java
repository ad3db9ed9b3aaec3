// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.ChangeLog;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Finds out what became of a commit whose answer was lost: raises the epochs of its partitions, which waits for the
 * commit if it runs and shuts it out if it comes late, and then looks for its operations in the log. Asks until it is
 * told; the time limits of those who wait go on meanwhile.
 */
final class Doubt {
    private static final long AGAIN_MILLIS = 100;

    private final Partitions partitions;
    private final ChangeLog log;
    private final ScheduledExecutorService scheduler;

    Doubt(Partitions partitions, ScheduledExecutorService scheduler) {
        this.partitions = partitions;
        this.log = partitions.ledger().log();
        this.scheduler = scheduler;
    }

    /**
     * Completes with the positions of those of the operations that took effect; none of the others will. Fails when the
     * log no longer tells.
     *
     * @param after a position that was the log's last at some time before the commit was sent
     */
    CompletableFuture<Map<Long, Long>> resolve(Collection<Integer> ids, Collection<Long> operations, long after) {
        return until(() -> partitions.raise(ids), false)
                .thenCompose(v -> until(() -> log.positions(operations, after), true));
    }

    /** Has nothing that was sent under the present epochs of these partitions take effect from now on. */
    CompletableFuture<Void> shutOut(Collection<Integer> ids) {
        return until(() -> partitions.raise(ids), false);
    }

    /** {@code endsUnknown}: that nobody knows is an answer, which no further question will change. */
    private <T> CompletableFuture<T> until(Supplier<CompletionStage<T>> call, boolean endsUnknown) {
        var done = new CompletableFuture<T>();
        attempt(call, endsUnknown, done);
        return done;
    }

    private <T> void attempt(Supplier<CompletionStage<T>> call, boolean endsUnknown, CompletableFuture<T> done) {
        call.get().whenComplete((result, failure) -> {
            if (failure == null) {
                done.complete(result);
            } else if (scheduler.isShutdown()
                    || endsUnknown && LedgerFailures.of(failure).kind() == Failure.Kind.UNKNOWN) {
                done.completeExceptionally(failure);
            } else {
                scheduler.schedule(() -> attempt(call, endsUnknown, done), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }
}
