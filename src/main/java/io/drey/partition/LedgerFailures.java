// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.LedgerException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the ledger could not do into what the sender of a command may believe. */
public final class LedgerFailures {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerFailures.class);

    private LedgerFailures() {}

    /** A stage of the ledger as a future that completes on {@code context} and fails with a {@link Failure} alone. */
    public static <T> Future<T> future(Context context, CompletionStage<T> stage) {
        Promise<T> promise = Promise.promise();
        stage.whenComplete((result, failure) -> context.runOnContext(v -> {
            if (failure == null) {
                promise.complete(result);
            } else {
                promise.fail(of(failure));
            }
        }));
        return promise.future();
    }

    public static Failure of(Throwable thrown) {
        var cause = thrown instanceof CompletionException && thrown.getCause() != null ? thrown.getCause() : thrown;
        if (cause instanceof Failure failure) {
            return failure;
        }
        if (cause instanceof LedgerException.Full) {
            return new Failure(Failure.Kind.FULL, cause.getMessage());
        }
        if (cause instanceof LedgerException.Unknown) {
            return new Failure(Failure.Kind.UNKNOWN, cause.getMessage());
        }
        if (cause instanceof LedgerException.AlreadyAnswered) {
            return new Failure(Failure.Kind.ALREADY_ANSWERED, cause.getMessage());
        }
        if (cause instanceof LedgerException) {
            return new Failure(Failure.Kind.UNAVAILABLE, cause.getMessage());
        }
        LOG.error("A call of the ledger failed in an unforeseen way", cause);
        return new Failure(Failure.Kind.UNKNOWN, "The durable store failed in an unforeseen way.");
    }
}
