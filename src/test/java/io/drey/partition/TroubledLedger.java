// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Answers;
import io.drey.ledger.ChangeLog;
import io.drey.ledger.Claims;
import io.drey.ledger.Commit;
import io.drey.ledger.CommitResult;
import io.drey.ledger.Directory;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException;
import io.drey.ledger.LedgerStatus;
import io.drey.ledger.Marks;
import io.drey.ledger.Payloads;
import io.drey.ledger.Records;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;

/** A ledger as one that several nodes use, which is late, loses answers, and whose clock a test sets forward. */
final class TroubledLedger implements Ledger {
    private final Ledger real;
    private final Gate commits = new Gate();
    private final Gate answers = new Gate();
    private final Gate loads = new Gate();
    private final Gate claiming = new Gate();
    private final AtomicLong ahead = new AtomicLong();
    private volatile boolean losing;

    TroubledLedger(Ledger real) {
        this.real = real;
    }

    /** The same without trouble. */
    Ledger real() {
        return real;
    }

    /** What waits here has not reached the ledger. */
    Gate commits() {
        return commits;
    }

    /** What waits here has been committed or refused, and nobody knows. */
    Gate commitAnswers() {
        return answers;
    }

    Gate loads() {
        return loads;
    }

    Gate claiming() {
        return claiming;
    }

    /** Whether commits are made without an answer. */
    void loseAnswers(boolean lose) {
        losing = lose;
    }

    void goForward(long millis) {
        ahead.addAndGet(millis);
    }

    void calmDown() {
        losing = false;
        List.of(commits, answers, loads, claiming).forEach(Gate::open);
    }

    private CompletionStage<CommitResult> commit(Commit commit) {
        return commits.pass(() -> real.records().commit(commit))
                .thenCompose(result -> answers.pass(() -> losing
                        ? CompletableFuture.failedFuture(new LedgerException.Unknown("the answer was lost", null))
                        : CompletableFuture.completedFuture(result)));
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Claims claims() {
        return new LateClaims();
    }

    @Override
    public Marks marks() {
        return real.marks();
    }

    @Override
    public Records records() {
        return new LateRecords();
    }

    @Override
    public Payloads payloads() {
        return real.payloads();
    }

    @Override
    public ChangeLog log() {
        return real.log();
    }

    @Override
    public Answers answers() {
        return real.answers();
    }

    @Override
    public Directory directory() {
        return real.directory();
    }

    @Override
    public long now() {
        return real.now() + ahead.get();
    }

    @Override
    public LedgerStatus status() {
        return real.status();
    }

    @Override
    public void close() {
        calmDown();
        real.close();
    }

    private final class LateRecords implements Records {
        @Override
        public CompletionStage<List<Entry>> load(List<RecordKey> keys) {
            return loads.pass(() -> real.records().load(keys));
        }

        @Override
        public CompletionStage<CommitResult> commit(Commit commit) {
            return TroubledLedger.this.commit(commit);
        }

        @Override
        public CompletionStage<Page> list(Listing listing) {
            return real.records().list(listing);
        }

        @Override
        public CompletionStage<List<RecordKey>> expired(long now, int limit) {
            return real.records().expired(now, limit);
        }
    }

    private final class LateClaims implements Claims {
        @Override
        public CompletionStage<Long> join(Node node) {
            return real.claims().join(node);
        }

        @Override
        public CompletionStage<View> renew(long incarnation) {
            return real.claims().renew(incarnation);
        }

        @Override
        public CompletionStage<Boolean> end(long incarnation, long counter) {
            return real.claims().end(incarnation, counter);
        }

        @Override
        public CompletionStage<Map<Integer, Long>> claim(long incarnation, Collection<Integer> partitions) {
            return claiming.pass(() -> real.claims().claim(incarnation, partitions));
        }

        @Override
        public CompletionStage<Void> release(long incarnation, Collection<Integer> partitions) {
            return real.claims().release(incarnation, partitions);
        }
    }
}
