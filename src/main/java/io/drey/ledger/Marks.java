// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import java.util.concurrent.CompletionStage;

/**
 * Announces changes of what all nodes remember: stores and tokens. While the mark of a subject stands, lookups say so
 * and nobody remembers it; after every living node has let go of it, or outlasted its lease, the change is committed if
 * the mark still stands. A ledger that only one node can use has no marks: it accepts all and keeps none.
 */
public interface Marks {
    /** How the subjects of tokens begin. */
    String TOKENS = "token:";

    /**
     * Sets a mark; answers false when a living incarnation's mark stands already. One that an ended incarnation left
     * behind is replaced.
     */
    CompletionStage<Boolean> put(Mark mark);

    /** Removes this mark, if it stands. */
    CompletionStage<Void> remove(Mark mark);

    /** {@code subject} as {@link #store} or {@link #token} make it; {@code incarnation} that is about to change it. */
    record Mark(String subject, long incarnation) {}

    static String store(long number) {
        return "store:" + number;
    }

    static String token(String id) {
        return TOKENS + id;
    }
}
