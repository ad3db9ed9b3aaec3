// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Outcome;
import io.drey.model.Value;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** A command while its owner works on it: who waits for the outcome, and until when. */
final class Execution extends Attempt {
    private final Command command;
    private final Context context;
    private final Origin origin;
    private final Promise<Outcome> promise = Promise.promise();
    private volatile Materialized materialized;
    private final long epoch;
    private Sending sending;

    Execution(Command command, Context context, long deadlineNanos, Origin origin) {
        this(command, context, deadlineNanos, origin, 0);
    }

    /** {@code epoch} of the claim that another node has sent it for. */
    Execution(Command command, Context context, long deadlineNanos, Origin origin, long epoch) {
        super(deadlineNanos);
        this.epoch = epoch;
        this.command = command;
        this.context = context;
        this.origin = origin;
    }

    boolean holdsLock() {
        return origin == Origin.BATCH;
    }

    /** Whether another node waits for it, which looks for the owner itself. */
    boolean isForwarded() {
        return origin == Origin.NODE;
    }

    /** Its sender goes on by itself when the claim that it was sent for has ended. */
    boolean isFor(OwnedPartition owner) {
        return origin != Origin.NODE || owner.epoch() == epoch;
    }

    Command command() {
        return command;
    }

    Context context() {
        return context;
    }

    Future<Outcome> outcome() {
        return promise.future();
    }

    /** On the context. */
    void complete(Outcome outcome) {
        if (end()) {
            promise.complete(outcome);
        }
    }

    /** On the context. */
    void fail(Failure failure) {
        if (end()) {
            promise.fail(failure);
        }
    }

    @Override
    void failed(Failure failure) {
        promise.fail(failure);
    }

    /** The large value that the operation looks into, and its bytes once they are fetched. */
    Materialized materialized() {
        return materialized;
    }

    void needs(Value.Stored value) {
        materialized = new Materialized(value, null);
    }

    void materialize(byte[] bytes) {
        materialized = new Materialized(materialized.value(), bytes);
    }

    /** How it was sent to another node, null when it is not on its way; on the context. */
    Sending sending() {
        return sending;
    }

    void sending(Sending present) {
        sending = present;
    }

    /**
     * A command on its way to another node.
     *
     * @param deadline in the ledger's milliseconds, the same in every message
     * @param after a position that was the log's last before the first message
     * @param doubtful whether a message went unanswered
     */
    record Sending(Holders.Holder holder, long deadline, long after, boolean doubtful) {
        Sending inDoubt() {
            return new Sending(holder, deadline, after, true);
        }
    }

    /** Who sent the command. */
    enum Origin {
        /** A client of this node. */
        CLIENT,
        /** An atomic batch, which holds the lock of the key. */
        BATCH,
        /** Another node. */
        NODE
    }

    record Materialized(Value.Stored value, byte[] bytes) {}
}
