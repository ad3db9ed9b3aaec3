// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Ledger;
import io.drey.member.Membership;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Commands and reads of keys that this node does not own.
 *
 * <p>A command goes to the node that holds the key's partition, for the claim that it holds it by. The answer "not here"
 * to the first message lets it go to another node. Once a message went unanswered, the command is doubtful: it is sent
 * again to the same claim, which takes each id in once; and it may go elsewhere only when that claim has ended, so that
 * nothing can happen under it any more, and the log does not show that it has happened. When the time is over first, the
 * outcome is unknown.
 *
 * <p>A read that the holder does not answer is answered from the ledger, which cannot show anything that the holder would
 * deny: while a commit is out, the holder's readers wait for it.
 */
final class Elsewhere {
    private static final long ROUTE_AGAIN_MILLIS = 10;
    private static final long SETTLE_AGAIN_MILLIS = 50;
    private static final long READ_MILLIS = 250;
    private static final long REPLY_MILLIS = 100;
    private static final long DISTRUST_NANOS = 1_000_000_000;

    private final Partitions partitions;
    private final Holders holders;
    private final Membership membership;
    private final Ledger ledger;
    /** Nodes that did not answer a read, and until when they are not asked any more. */
    private final Map<String, Long> distrusted = new ConcurrentHashMap<>();

    private final Map<Context, Courier> couriers = new ConcurrentHashMap<>();

    Elsewhere(Partitions partitions, Holders holders, Membership membership) {
        this.partitions = partitions;
        this.holders = holders;
        this.membership = membership;
        this.ledger = partitions.ledger();
    }

    /** Has the holder execute a command that has not been sent anywhere, or comes back unharmed. */
    void start(Execution execution) {
        if (execution.isForwarded()) {
            execution.fail(new Failure(Failure.Kind.MOVED, "The key's partition has moved."));
            return;
        }
        var holder = holders.of(partition(execution.command().key()));
        if (holder == null || holder.node().equals(self())) {
            again(execution);
            return;
        }
        long remaining = remainingMillis(execution);
        // What is not sent must not look as if it were: it is about to be given up, for certain.
        if (remaining > 0 && execution.send()) {
            // The holder's word that the time was over must arrive before ours is.
            long deadline = ledger.now() + Math.max(remaining - REPLY_MILLIS, remaining / 2);
            execution.sending(new Execution.Sending(holder, deadline, partitions.knownPosition(), false));
            send(execution);
        }
    }

    private static long remainingMillis(Execution execution) {
        return (execution.deadlineNanos() - System.nanoTime()) / 1_000_000;
    }

    private String self() {
        return membership.node().name();
    }

    private int partition(RecordKey key) {
        return key.partition(partitions.count());
    }

    private void again(Execution execution) {
        execution.context().owner().setTimer(ROUTE_AGAIN_MILLIS, timer -> execution
                .context()
                .runOnContext(v -> partitions.start(execution)));
    }

    private void send(Execution execution) {
        long remaining = remainingMillis(execution);
        if (remaining <= 0 || execution.isEnded()) {
            return;
        }
        var sending = execution.sending();
        var message = Messages.command(sending.deadline(), sending.holder().epoch(), execution.command());
        courier(execution.context())
                .request(Addresses.commands(sending.holder().node()), message, Math.max(REPLY_MILLIS, remaining / 2))
                .map(answer -> Messages.read(answer, body -> OutcomeWire.read(body, 1)))
                .onSuccess(execution::complete)
                .onFailure(failure -> failed(execution, failure));
    }

    private void failed(Execution execution, Throwable thrown) {
        boolean moved = thrown instanceof Failure failure && failure.kind() == Failure.Kind.MOVED;
        if (thrown instanceof Failure failure && !moved) {
            execution.fail(failure);
        } else if (!moved && !isUndelivered(thrown)) {
            execution.sending(execution.sending().inDoubt());
            settle(execution);
        } else if (execution.sending().doubtful()) {
            settle(execution);
        } else {
            membership.lookSoon();
            goElsewhere(execution);
        }
    }

    /** Certainly, nothing has happened. */
    private void goElsewhere(Execution execution) {
        execution.sending(null);
        execution.unsend();
        again(execution);
    }

    /** A message went unanswered: the same claim is asked again, or, when it has ended, the log. */
    private void settle(Execution execution) {
        var sending = execution.sending();
        var holder = holders.of(partition(execution.command().key()));
        if (holder != null && holder.epoch() == sending.holder().epoch()) {
            later(execution, () -> send(execution));
        } else if (holder == null || holder.epoch() < sending.holder().epoch()) {
            membership.lookSoon();
            later(execution, () -> settle(execution));
        } else {
            long id = execution.command().id();
            LedgerFailures.future(execution.context(), ledger.log().positions(List.of(id), sending.after()))
                    .onSuccess(found -> {
                        if (found.isEmpty()) {
                            goElsewhere(execution);
                        } else {
                            execution.fail(new Failure(
                                    Failure.Kind.UNKNOWN, "The write took effect, but what it answered was lost."));
                        }
                    })
                    .onFailure(failure -> later(execution, () -> settle(execution)));
        }
    }

    private void later(Execution execution, Runnable step) {
        if (!execution.isEnded()) {
            execution.context().owner().setTimer(SETTLE_AGAIN_MILLIS, timer -> execution
                    .context()
                    .runOnContext(v -> step.run()));
        }
    }

    /** The node to ask for a key, null when there is none but perhaps this one. */
    String holder(RecordKey key) {
        var holder = holders.of(partition(key));
        return holder == null || holder.node().equals(self()) ? null : holder.node();
    }

    static boolean isUndelivered(Throwable thrown) {
        return thrown instanceof Courier.Undelivered
                || thrown instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS;
    }

    private Courier courier(Context context) {
        return couriers.computeIfAbsent(context, loop -> new Courier(loop, self()));
    }

    /** The committed entry, perhaps past its time; null when absent. Answers on {@code context}. */
    Future<Entry> read(RecordKey key, Context context) {
        var holder = holders.of(partition(key));
        if (holder == null || holder.node().equals(self()) || isDistrusted(holder.node())) {
            return readLedger(key, context);
        }
        return courier(context)
                .request(Addresses.reads(holder.node()), Messages.key(key), READ_MILLIS)
                .map(answer -> Messages.read(answer, body -> EntryWire.read(body, 1)))
                .recover(failure -> {
                    if (!(failure instanceof Failure)) {
                        distrusted.put(holder.node(), System.nanoTime() + DISTRUST_NANOS);
                    }
                    return readLedger(key, context);
                });
    }

    private boolean isDistrusted(String node) {
        var until = distrusted.get(node);
        if (until == null) {
            return false;
        }
        if (System.nanoTime() - until < 0) {
            return true;
        }
        distrusted.remove(node, until);
        return false;
    }

    private Future<Entry> readLedger(RecordKey key, Context context) {
        return LedgerFailures.future(context, ledger.records().load(List.of(key)))
                .compose(entries -> partitions.lease().isHeld()
                        ? Future.succeededFuture(entries.get(0))
                        : Future.failedFuture(Failure.leaseLost()));
    }
}
