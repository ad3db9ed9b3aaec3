// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.RecordKey;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A record being fetched from the ledger, once for all who wait for it. */
final class Load {
    private final OwnedPartition owner;
    private final RecordKey key;
    private List<Waiter> waiters = new ArrayList<>(1);

    Load(OwnedPartition owner, RecordKey key) {
        this.owner = owner;
        this.key = key;
    }

    OwnedPartition owner() {
        return owner;
    }

    RecordKey key() {
        return key;
    }

    /** False when the load has just ended: look again. */
    synchronized boolean join(Waiter waiter) {
        return waiters != null && waiters.add(waiter);
    }

    /** Ends the load; the caller tells those who come back. */
    synchronized List<Waiter> end() {
        var ended = waiters;
        waiters = null;
        return ended;
    }

    /** {@code done} runs on {@code context}, with null when the record is there now. */
    record Waiter(Context context, Consumer<Failure> done) {}
}
