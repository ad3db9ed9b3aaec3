// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.LedgerException;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what the ledger could not do into what the sender of a command may believe. */
public final class LedgerFailures {
    private static final Logger LOG = LoggerFactory.getLogger(LedgerFailures.class);

    private LedgerFailures() {}

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
