// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** Keeps the promise that stages fail with a ledger exception alone. */
final class Stages {
    private Stages() {}

    /** Takes off what composing wraps around a failure. */
    static <T> CompletionStage<T> bare(CompletionStage<T> composed) {
        var stage = new CompletableFuture<T>();
        composed.whenComplete((result, failure) -> {
            if (failure == null) {
                stage.complete(result);
            } else {
                stage.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        return stage;
    }
}
