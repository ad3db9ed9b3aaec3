// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Claims;
import io.drey.ledger.Claims.View;
import io.drey.member.Membership;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what this node holds in line with what the cluster's table says it should: drains and releases what it should
 * not have, claims what it should and nobody holds. It compares levels and hears of events only to look sooner, so a
 * lost event costs half a second and no more. Runs on one event loop, one step at a time.
 */
final class Ownership {
    private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
    private static final long DRAIN_CHECK_MILLIS = 2;
    private static final long DRAIN_MILLIS_MAX = 2_000;
    private static final long LOG_MILLIS = 1_000;

    private final Partitions partitions;
    private final Membership membership;
    private final Claims claims;
    private final IntPredicate table;
    private final Context context;
    private final Consumer<Move> announce;
    private final Set<Integer> hinted = new HashSet<>();
    private View released;
    private Future<Void> running = Future.succeededFuture();
    private boolean again;
    private boolean leaving;
    private boolean logging;

    /**
     * @param table whether this node should own a partition
     * @param announce tells all nodes, this one too, what was released or claimed
     */
    Ownership(
            Partitions partitions,
            Membership membership,
            IntPredicate table,
            Context context,
            Consumer<Move> announce) {
        this.partitions = partitions;
        this.membership = membership;
        this.claims = partitions.ledger().claims();
        this.table = table;
        this.context = context;
        this.announce = announce;
    }

    /** Looks and acts, now or after the step that runs; completes when the step that began last has ended. */
    Future<Void> look() {
        if (!running.isComplete()) {
            again = true;
            return running;
        }
        Promise<Void> done = Promise.promise();
        running = done.future();
        step(done);
        return running;
    }

    /** Another node, or this one, has moved something: what was released is claimed without another look. */
    void heard(Move move) {
        partitions.holders().heard(move);
        if (!move.released().isEmpty() && !move.node().equals(membership.node().name())) {
            hinted.addAll(move.released());
            look();
        }
    }

    /** Drains and releases everything and claims nothing any more. */
    Future<Void> leave() {
        leaving = true;
        return look().transform(ended -> look());
    }

    private void step(Promise<Void> done) {
        again = false;
        release().compose(v -> claim()).onComplete(ended -> {
            if (ended.failed()) {
                LOG.debug("A look at the claims failed: {}", ended.cause().getMessage());
            }
            if (again) {
                step(done);
            } else {
                done.complete();
            }
        });
    }

    private void log() {
        logging = false;
        LOG.info("Owns {} of {} partitions", partitions.ownedCount(), partitions.count());
    }

    private boolean isWanted(int partition) {
        return !leaving && table.test(partition);
    }

    private Future<Void> release() {
        var view = membership.view();
        long self = membership.incarnation();
        var drained = new ArrayList<OwnedPartition>();
        var held = new ArrayList<Integer>();
        for (int id = 0; id < partitions.count(); id++) {
            if (isWanted(id)) {
                continue;
            }
            var owned = partitions.close(id);
            var claim = view.claims().get(id);
            if (owned != null) {
                drained.add(owned);
            }
            boolean isHeld = claim != null && claim.incarnation() == self && view != released;
            if (owned != null || isHeld) {
                held.add(id);
            }
        }
        if (held.isEmpty()) {
            return Future.succeededFuture();
        }
        return drained(drained)
                .compose(v -> {
                    drained.forEach(OwnedPartition::release);
                    return Future.fromCompletionStage(claims.release(self, held), context);
                })
                .onSuccess(v -> {
                    // A view of before shows what is no longer so.
                    released = membership.view();
                    tell(Move.released(membership.node().name(), held));
                });
    }

    /** Waits until everything that was taken in has its answer; what takes too long is refused by the ledger. */
    private Future<Void> drained(List<OwnedPartition> closed) {
        Promise<Void> idle = Promise.promise();
        awaitIdle(closed, idle, System.nanoTime() + DRAIN_MILLIS_MAX * 1_000_000);
        return idle.future();
    }

    private void awaitIdle(List<OwnedPartition> closed, Promise<Void> idle, long deadlineNanos) {
        if (closed.stream().allMatch(OwnedPartition::isIdle) || System.nanoTime() - deadlineNanos > 0) {
            idle.complete();
            return;
        }
        context.owner()
                .setTimer(
                        DRAIN_CHECK_MILLIS, timer -> context.runOnContext(v -> awaitIdle(closed, idle, deadlineNanos)));
    }

    private Future<Void> claim() {
        var view = membership.view();
        long self = membership.incarnation();
        var free = new ArrayList<Integer>();
        for (int id = 0; id < partitions.count(); id++) {
            var claim = view.claims().get(id);
            boolean mayClaim = claim == null || claim.incarnation() == self || hinted.contains(id);
            if (isWanted(id) && partitions.owned(id) == null && mayClaim) {
                free.add(id);
            }
        }
        // What the table does not give to this node yet may be wanted in a moment.
        free.forEach(hinted::remove);
        if (free.isEmpty()) {
            return Future.succeededFuture();
        }
        return Future.fromCompletionStage(claims.claim(self, free), context)
                .onSuccess(epochs -> {
                    partitions.own(self, epochs);
                    if (!epochs.isEmpty()) {
                        tell(Move.claimed(membership.node().name(), epochs));
                    }
                })
                .mapEmpty();
    }

    private void tell(Move move) {
        LOG.debug("Released {}, claimed {}", move.released(), move.claimed());
        if (!logging) {
            // A move is many small steps; what they came to is enough.
            logging = true;
            context.owner().setTimer(LOG_MILLIS, timer -> log());
        }
        announce.accept(move);
    }
}
