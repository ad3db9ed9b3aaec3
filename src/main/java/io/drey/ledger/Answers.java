// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Answers to requests that bore an idempotency key, so that a repeat gets the same one (after the IETF draft on the
 * Idempotency-Key header field). A key belongs to an account. Part 0 is the request as a whole; the steps of a batch or
 * import are parts from 1 on.
 */
public interface Answers {
    /** The whole request. */
    int WHOLE = 0;

    /** The answer, null when there is none. */
    CompletionStage<Answer> find(long account, String key, int part);

    /** The answers of parts {@code from} and above, in order, at most {@code limit}. */
    CompletionStage<List<Answer>> parts(long account, String key, int from, int limit);

    /** Keeps an answer unless there is one; answers whether it was kept. */
    CompletionStage<Boolean> remember(Answer answer);

    /** Puts the final answer in the place of the one kept for the whole, and lets go of the parts. */
    CompletionStage<Void> complete(Answer answer);

    /** Removes up to {@code limit} answers kept before {@code before} (milliseconds); answers how many. */
    CompletionStage<Integer> sweep(long before, int limit);

    /**
     * A remembered answer.
     *
     * @param fingerprint of the request; a repeat must have the same
     * @param version of the record that the answer names, 0 for none
     * @param content opaque to the ledger; null for a request that has begun but has no answer yet
     * @param createdAt milliseconds since 1970 UTC
     */
    record Answer(
            long account, String key, int part, byte[] fingerprint, long version, byte[] content, long createdAt) {}
}
