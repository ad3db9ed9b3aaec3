// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Commit;
import io.drey.ledger.CommitResult;
import io.drey.ledger.CommitResult.AlreadyAnswered;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.OverQuota;
import io.drey.ledger.CommitResult.PayloadGone;
import io.drey.ledger.CommitResult.SpaceClosed;
import io.drey.ledger.CommitResult.Verdict;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;

/**
 * What one commit takes along: a chain of changes for each key, and the operations that changed nothing and wait for a
 * head in it. Used by one thread at a time.
 *
 * <p>A change that the ledger refuses takes the later ones of its key with it; they are repeated, in order and alone,
 * within their time.
 */
final class CommitBatch {
    private static final int CHANGES_MAX = 2_000;
    private static final long BYTES_MAX = 8 << 20;

    private final Partitions partitions;
    private final Map<RecordKey, Chain> chains = new LinkedHashMap<>();
    private final List<Pending> followers = new ArrayList<>();
    private final Map<RecordKey, List<Execution>> repeats = new LinkedHashMap<>();
    private final List<Execution> unlocking = new ArrayList<>();
    private final Map<RecordKey, Failure> failures = new HashMap<>();
    private final CompletableFuture<Void> settled = new CompletableFuture<>();
    private int taken;
    private long sentAfter;

    private CommitBatch(Partitions partitions) {
        this.partitions = partitions;
    }

    /** Takes what waits, within bounds. */
    static CommitBatch take(Queue<Pending> queue, Partitions partitions) {
        var batch = new CommitBatch(partitions);
        long bytes = 0;
        while (batch.taken < CHANGES_MAX && bytes < BYTES_MAX) {
            var pending = queue.poll();
            if (pending == null) {
                break;
            }
            batch.taken++;
            batch.add(pending);
            bytes += inlineBytes(pending);
        }
        return batch;
    }

    private static int inlineBytes(Pending pending) {
        var next = pending.isChange() ? pending.transition().next() : null;
        return next != null && next.value() instanceof Value.Inline inline ? inline.bytes().length : 0;
    }

    private void add(Pending pending) {
        if (pending.base().isRefused() || pending.owner().isReleased()) {
            pending.refuse();
            pending.owner().leave(pending.slot());
            repeat(pending);
            return;
        }
        if (!pending.isChange()) {
            followers.add(pending);
            return;
        }
        var chain = chains.get(pending.key());
        if (chain != null && !chain.isOf(pending.owner())) {
            // Claimed anew while this batch was taken: the chain's epoch will be refused, and this has its own.
            pending.refuse();
            pending.owner().leave(pending.slot());
            repeat(pending);
            return;
        }
        if (pending.execution() != null && !pending.execution().send()) {
            pending.refuse();
            pending.owner().leave(pending.slot());
            return;
        }
        chains.computeIfAbsent(pending.key(), key -> new Chain(pending)).add(pending);
    }

    int taken() {
        return taken;
    }

    int changes() {
        return chains.values().stream().mapToInt(chain -> chain.steps().size()).sum();
    }

    boolean needsCommit() {
        return !chains.isEmpty();
    }

    /** Readers of the keys wait from here on, since the ledger may show the new state before we know of it. */
    Commit commit() {
        var records = new ArrayList<Commit.RecordCommit>(chains.size());
        long now = partitions.ledger().now();
        sentAfter = partitions.knownPosition();
        for (var chain : chains.values()) {
            chain.begins(settled);
            records.add(chain.commit(now));
        }
        return new Commit(records, List.of(), null);
    }

    void settle(CommitResult result) {
        var releases = new Releases();
        var verdicts = result.records().iterator();
        for (var chain : chains.values()) {
            settle(chain, verdicts.next(), releases);
        }
        finish(releases);
    }

    /** A position that was the log's last before this was sent. */
    long sentAfter() {
        return sentAfter;
    }

    Set<Integer> partitions() {
        return chains.values().stream().map(Chain::partition).collect(Collectors.toSet());
    }

    /** The ids under which its changes stand in the log. */
    List<Long> operations() {
        return chains.values().stream()
                .flatMap(chain -> chain.executions().stream())
                .map(execution -> execution.command().id())
                .toList();
    }

    /** The answer was lost, and this is what the log says: the rest of it did not happen and will not. */
    void resolve(Map<Long, Long> positions) {
        var releases = new Releases();
        for (var chain : chains.values()) {
            var committed = chain.found(positions);
            if (committed == null) {
                chain.discard();
                chain.steps().forEach(this::repeat);
            } else {
                chain.committed(committed, releases);
            }
        }
        finish(releases);
    }

    private void settle(Chain chain, Verdict verdict, Releases releases) {
        if (verdict instanceof Committed committed) {
            chain.committed(committed, releases);
        } else if (verdict instanceof SpaceClosed) {
            chain.refuse();
            fail(chain, new Failure(Failure.Kind.SPACE_CLOSED, "The store was emptied or deleted."), releases);
        } else if (verdict instanceof PayloadGone) {
            chain.refuse();
            fail(chain, new Failure(Failure.Kind.UNAVAILABLE, "The upload took too long and was let go."), releases);
        } else if (verdict instanceof AlreadyAnswered && chain.executions().size() == 1) {
            chain.refuse();
            fail(
                    chain,
                    new Failure(
                            Failure.Kind.ALREADY_ANSWERED,
                            "Another request with this idempotency key was answered first."),
                    releases);
        } else if (verdict instanceof OverQuota quota && chain.executions().size() == 1) {
            chain.refuse();
            var outcome = new Outcome.TooLarge("The store's quota of " + quota.what(), quota.limit(), quota.actual());
            chain.executions()
                    .forEach(execution -> releases.add(execution.context(), () -> execution.complete(outcome)));
        } else if (verdict instanceof OverQuota || verdict instanceof AlreadyAnswered) {
            // One of them is guilty: alone each is told from the others.
            chain.refuse();
            chain.steps().forEach(this::repeat);
        } else {
            partitions.doubtClaims();
            chain.discard();
            chain.steps().forEach(this::repeat);
        }
    }

    /** Nothing of it can be committed, or nobody knows. */
    void fail(Failure failure) {
        var releases = new Releases();
        for (var chain : chains.values()) {
            if (failure.kind() == Failure.Kind.UNKNOWN) {
                chain.discard();
                fail(chain, failure, releases);
            } else if (failure.kind() == Failure.Kind.FULL && chain.executions().size() > 1) {
                chain.refuse();
                chain.steps().forEach(this::repeat);
            } else {
                chain.refuse();
                fail(chain, failure, releases);
            }
        }
        finish(releases);
    }

    /** An expiry has nobody to tell: then those are told who came upon it, instead of meeting it again and again. */
    private void fail(Chain chain, Failure failure, Releases releases) {
        if (chain.executions().isEmpty()) {
            failures.put(chain.key(), failure);
        }
        chain.executions().forEach(execution -> releases.add(execution.context(), () -> execution.fail(failure)));
    }

    void settleWithoutCommit() {
        finish(new Releases());
    }

    private void finish(Releases releases) {
        for (var follower : followers) {
            follower.owner().leave(follower.slot());
            var execution = follower.execution();
            if (follower.base().isCommitted() && !partitions.lease().isHeld()) {
                releases.add(execution.context(), () -> execution.fail(Failure.leaseLost()));
            } else if (follower.base().isCommitted() && !follower.owner().isReleased()) {
                var outcome = follower.transition().outcome().at(follower.base().version());
                releases.add(execution.context(), () -> execution.complete(outcome));
            } else if (failures.containsKey(follower.key())) {
                var failure = failures.get(follower.key());
                releases.add(execution.context(), () -> execution.fail(failure));
            } else {
                repeat(follower);
            }
        }
        settled.complete(null);
        releases.run();
        unlocking.forEach(execution -> partitions.repeat(List.of(execution)));
        repeats.values().forEach(partitions::repeat);
    }

    private void repeat(Pending pending) {
        if (pending.execution() != null && pending.execution().holdsLock()) {
            // The others of its key wait for the lock that it is part of, so it must not wait for them.
            unlocking.add(pending.execution());
        } else if (pending.execution() != null) {
            repeats.computeIfAbsent(pending.key(), key -> new ArrayList<>()).add(pending.execution());
        }
    }

    boolean canSplit() {
        return chains.size() > 1;
    }

    /** Two batches of half the keys each; what followed goes with the second. */
    List<CommitBatch> split() {
        var first = new CommitBatch(partitions);
        var second = new CommitBatch(partitions);
        int half = chains.size() / 2;
        chains.forEach((key, chain) -> {
            var part = first.chains.size() < half ? first : second;
            part.chains.put(key, chain);
            chain.begins(part.settled);
        });
        second.followers.addAll(followers);
        second.repeats.putAll(repeats);
        second.unlocking.addAll(unlocking);
        settled.complete(null);
        return List.of(first, second);
    }
}
