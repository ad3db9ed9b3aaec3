// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.member;

import io.drey.ledger.Claims.Member;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException;
import io.drey.ledger.Marks.Mark;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Changes what every node remembers, so that nobody answers from memory what is no longer so: marks the subject in the
 * ledger, has every living node let go of it or outlast its lease, and only then commits the change, if the mark still
 * stands. On a ledger that nobody else can use there is nobody to ask and the change is made at once.
 *
 * <p>Whoever dies in the middle leaves a mark, which means no more than that the subject is looked up each time; the
 * next change of it replaces the mark of an ended incarnation.
 */
public final class Fence {
    private static final long ASK_MILLIS = 250;
    private static final long AGAIN_MILLIS = 50;

    private final Ledger ledger;
    private final Membership membership;
    private final MemberConfig config;
    private final Vertx vertx;
    private final Context context;

    public Fence(Ledger ledger, Membership membership, MemberConfig config, Vertx vertx) {
        this.ledger = ledger;
        this.membership = membership;
        this.config = config;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
    }

    /** Where a node hears what it must let go of; the message is the subject, any reply means that it has. */
    public static String address(String node) {
        return "drey.let-go." + node;
    }

    /** Runs {@code change} with the mark, null where none is needed. */
    public <T> CompletionStage<T> change(String subject, Function<Mark, CompletionStage<T>> change) {
        if (!ledger.isShared()) {
            return change.apply(null);
        }
        var mark = new Mark(subject, membership.incarnation());
        long deadline = System.nanoTime() + 2 * config.silenceMillis() * 1_000_000;
        return put(mark, deadline)
                .compose(v -> on(membership.look()))
                .compose(view -> letGo(subject, view.members()))
                .compose(v -> on(change.apply(mark)))
                .onFailure(failure -> remove(mark))
                .toCompletionStage();
    }

    private Future<Void> put(Mark mark, long deadlineNanos) {
        return on(ledger.marks().put(mark)).compose(stands -> {
            if (stands) {
                return Future.succeededFuture();
            }
            if (System.nanoTime() - deadlineNanos > 0) {
                return Future.failedFuture(
                        new LedgerException.Unavailable("another change of the same thing is under way", null));
            }
            return pause().compose(v -> put(mark, deadlineNanos));
        });
    }

    private Future<Void> letGo(String subject, List<Member> members) {
        // From here on a renewal shows the mark, so no lease of a node that does not answer goes beyond this.
        long outlasted = System.nanoTime() + config.silenceMillis() * 1_000_000;
        return Future.all(members.stream()
                        .map(member -> ask(member.node().name(), subject, outlasted))
                        .toList())
                .mapEmpty();
    }

    private Future<Void> ask(String node, String subject, long outlastedNanos) {
        if (System.nanoTime() - outlastedNanos >= 0) {
            return Future.succeededFuture();
        }
        return vertx.eventBus()
                .request(address(node), subject, new DeliveryOptions().setSendTimeout(ASK_MILLIS))
                .<Void>mapEmpty()
                .recover(failure -> pause().compose(v -> ask(node, subject, outlastedNanos)));
    }

    private void remove(Mark mark) {
        ledger.marks().remove(mark).whenComplete((v, failure) -> {
            // Left standing it would cost a lookup for each request, until this node is ended: so again.
            if (failure != null && membership.incarnation() == mark.incarnation()) {
                vertx.setTimer(config.leaseMillis(), timer -> remove(mark));
            }
        });
    }

    private Future<Void> pause() {
        Promise<Void> promise = Promise.promise();
        vertx.setTimer(AGAIN_MILLIS, timer -> context.runOnContext(v -> promise.complete()));
        return promise.future();
    }

    private <T> Future<T> on(CompletionStage<T> stage) {
        return Future.fromCompletionStage(stage, context);
    }
}
