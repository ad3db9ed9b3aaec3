// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.model.Outcome;
import io.drey.partition.Failure;
import io.drey.store.StoreRecords.StoreGone;
import java.nio.charset.StandardCharsets;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns refusals and failures into problem documents; the one place where their statuses are decided. */
public final class Problems {
    private static final Logger LOG = LoggerFactory.getLogger(Problems.class);
    private static final int RETRY_AFTER_SECONDS = 1;

    private Problems() {}

    /** Of an outcome that is not {@link Outcome.Done}. */
    public static Problem of(Outcome outcome, byte[] key) {
        if (outcome instanceof Outcome.NotFound) {
            return Problem.recordNotFound(new String(key, StandardCharsets.UTF_8));
        }
        if (outcome instanceof Outcome.PreconditionFailed failed) {
            return Problem.preconditionFailed(failed.version());
        }
        if (outcome instanceof Outcome.WrongType type) {
            return Problem.wrongType(type.found(), type.expected());
        }
        if (outcome instanceof Outcome.PatchFailed patch) {
            return Problem.patchFailed(patch.detail());
        }
        if (outcome instanceof Outcome.TooLarge large) {
            return Problem.tooLarge(large.what(), large.limit(), large.actual());
        }
        return Problem.invalidParameter("value", ((Outcome.OutOfBounds) outcome).detail());
    }

    /** Of anything that a handler throws or fails with. */
    public static Problem ofFailure(Throwable thrown) {
        if (thrown instanceof ProblemException problem) {
            return problem.problem();
        }
        if (thrown instanceof StoreGone) {
            return Problem.of(ProblemType.STORE_NOT_FOUND, "The store was deleted while the request was under way.");
        }
        if (thrown instanceof Failure failure) {
            return of(failure);
        }
        LOG.error("A request failed in an unforeseen way", thrown);
        return Problem.internalError();
    }

    public static Problem of(Failure failure) {
        return switch (failure.kind()) {
            case FULL -> Problem.outOfSpace();
            case UNKNOWN -> Problem.unknownOutcome();
            case UNAVAILABLE, SPACE_CLOSED, ALREADY_ANSWERED, MOVED ->
                Problem.unavailable(failure.getMessage(), RETRY_AFTER_SECONDS);
        };
    }
}
