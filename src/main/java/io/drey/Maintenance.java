// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import io.drey.auth.Tokens;
import io.drey.ledger.Ledger;
import io.drey.member.Membership;
import io.drey.store.Stores;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done beside the requests: counters of use are written, and what has had its time is removed, a bounded share
 * at a time so that commits never wait long.
 */
final class Maintenance {
    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);
    private static final long FLUSH_MILLIS = 1_000;
    private static final long SWEEP_MILLIS = 2_000;
    private static final int SHARE = 500;

    private final Ledger ledger;
    private final Stores stores;
    private final Tokens tokens;
    private final Config config;
    private final Membership membership;
    private final AtomicBoolean sweeping = new AtomicBoolean();

    Maintenance(Ledger ledger, Stores stores, Tokens tokens, Config config, Membership membership) {
        this.membership = membership;
        this.ledger = ledger;
        this.stores = stores;
        this.tokens = tokens;
        this.config = config;
    }

    void start(ScheduledExecutorService scheduler) {
        scheduler.scheduleWithFixedDelay(this::flush, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
        scheduler.scheduleWithFixedDelay(this::sweep, SWEEP_MILLIS, SWEEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Writes the counters of use; completes when they are written, or could not be. */
    CompletionStage<Void> flush() {
        return stores.flushUse()
                .thenCompose(v -> tokens.flushUse())
                .exceptionally(failure -> noted("Counters of use could not be written", failure));
    }

    /** One node is enough for what all share: the oldest one. */
    private boolean isOldest() {
        var members = membership.view().members();
        return !members.isEmpty() && members.get(0).incarnation() == membership.incarnation();
    }

    private void sweep() {
        if (!isOldest() || !sweeping.compareAndSet(false, true)) {
            return;
        }
        long now = ledger.now();
        all(() -> ledger.log().trim(now - config.logMillis(), config.logBytes()))
                .thenCompose(v -> all(() -> ledger.answers().sweep(now - config.answerMillis(), SHARE)))
                .thenCompose(v -> all(() -> ledger.directory().sweepSpaces(SHARE)))
                .thenCompose(v -> all(() -> ledger.payloads().sweep(SHARE)))
                .exceptionally(failure -> noted("What has had its time could not be removed", failure))
                .thenRun(() -> sweeping.set(false));
    }

    /** Repeats a share until nothing is left. */
    private static CompletionStage<Void> all(Supplier<CompletionStage<Integer>> share) {
        return share.get().thenCompose(removed -> removed > 0 ? all(share) : CompletableFuture.completedFuture(null));
    }

    private static Void noted(String what, Throwable failure) {
        LOG.debug("{}: {}", what, failure.getMessage());
        return null;
    }

    /**
     * How long things are kept.
     *
     * @param logMillis changes in the log, at most
     * @param logBytes of the log, at most
     * @param answerMillis answers to requests with an idempotency key
     */
    record Config(long logMillis, long logBytes, long answerMillis) {}
}
