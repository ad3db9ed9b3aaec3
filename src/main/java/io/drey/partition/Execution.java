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
    private final boolean holdsLock;
    private final Promise<Outcome> promise = Promise.promise();
    private volatile Materialized materialized;

    /** {@code holdsLock}: it is an atomic batch's, which holds the lock of the key. */
    Execution(Command command, Context context, long deadlineNanos, boolean holdsLock) {
        super(deadlineNanos);
        this.command = command;
        this.context = context;
        this.holdsLock = holdsLock;
    }

    boolean holdsLock() {
        return holdsLock;
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

    record Materialized(Value.Stored value, byte[] bytes) {}
}
