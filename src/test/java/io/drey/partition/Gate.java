// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Holds calls of a ledger up until a test lets them go. Open at first. */
final class Gate {
    private CompletableFuture<Void> way = CompletableFuture.completedFuture(null);
    private int waiting;

    void close() {
        letThrough();
    }

    /** Lets go what waits, and holds what comes after it. */
    void letThrough() {
        replace(new CompletableFuture<>());
    }

    void open() {
        replace(CompletableFuture.completedFuture(null));
    }

    private void replace(CompletableFuture<Void> next) {
        CompletableFuture<Void> before;
        synchronized (this) {
            before = way;
            way = next;
            waiting = 0;
        }
        before.complete(null);
    }

    synchronized int waiting() {
        return waiting;
    }

    <T> CompletionStage<T> pass(Supplier<CompletionStage<T>> call) {
        CompletableFuture<Void> present;
        synchronized (this) {
            present = way;
            waiting += present.isDone() ? 0 : 1;
        }
        return present.thenCompose(v -> call.get());
    }
}
