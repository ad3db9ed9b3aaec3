// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import io.drey.model.Entry;
import io.drey.model.RecordKey;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The present state of all records. */
public interface Records {
    /** The entries of {@code keys} in their order, null for absent ones, all as of one instant. */
    CompletionStage<List<Entry>> load(List<RecordKey> keys);

    /** One transaction. What does not fit is refused by key, the rest is durable when the stage completes. */
    CompletionStage<CommitResult> commit(Commit commit);

    /** A page of a space in key order, as of one instant. Costs what the page holds, whatever the store holds. */
    CompletionStage<Page> list(Listing listing);

    /** Up to {@code limit} records whose expiry is at or before {@code now}, the oldest first. */
    CompletionStage<List<RecordKey>> expired(long now, int limit);

    /**
     * What to list.
     *
     * @param prefix bytes that each key begins with, empty for all
     * @param after keys up to and including this one are passed over, null for none
     * @param delimiter keys that hold it after the prefix are folded into one prefix; null for none
     * @param limit most items and folded prefixes together
     * @param values whether to read the values too
     * @param bytesMax the page ends before its values pass this, but holds one item at least
     */
    record Listing(
            long space, byte[] prefix, byte[] after, byte[] delimiter, int limit, boolean values, long bytesMax) {}

    /** {@code next} is what to send as {@code after} for the following page, null on the last one. */
    record Page(List<Item> items, List<byte[]> prefixes, byte[] next) {}

    /** A record in a listing; {@code entry} has a null value unless values were asked for. */
    record Item(byte[] key, long size, Entry entry) {}
}
