// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.vertx.core.Promise;

/** A read that waits for a commit of its key to be settled, for so long as a write may take. */
final class WaitingRead extends Attempt {
    private final Promise<Entry> promise;

    WaitingRead(long deadlineNanos, Promise<Entry> promise) {
        super(deadlineNanos);
        this.promise = promise;
    }

    @Override
    void failed(Failure failure) {
        promise.fail(new Failure(
                Failure.Kind.UNAVAILABLE, "The durable store has not settled a write of this key in time."));
    }
}
