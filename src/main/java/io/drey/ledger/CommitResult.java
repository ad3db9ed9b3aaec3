// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import io.drey.model.Value;
import java.util.List;

/**
 * What became of a commit: a verdict for each record, and for each answer without a change whether it was kept (false:
 * an earlier one stands), in the order in which they were given.
 */
public record CommitResult(List<Verdict> records, List<Boolean> answers) {
    /** What became of one record's share. */
    public sealed interface Verdict {}

    /**
     * Durable.
     *
     * @param firstPosition in the log of the first step; the others follow without a gap, the last is the version
     * @param value where the bytes are now: large ones that came inline are kept in chunks; null when absent
     */
    public record Committed(long firstPosition, Value value) implements Verdict {}

    /** Nothing of this record's share happened. */
    public sealed interface Refused extends Verdict {}

    /** The partition's epoch or the record's version is another by now. */
    public record Stale() implements Refused {}

    /** The space is no longer that of a store: it was emptied or deleted. */
    public record SpaceClosed() implements Refused {}

    /** A large value was swept away before it was bound. */
    public record PayloadGone() implements Refused {}

    /** Another request with the same idempotency key came first. */
    public record AlreadyAnswered() implements Refused {}

    /** The store's quota; {@code what} is {@code records} or {@code bytes}. */
    public record OverQuota(String what, long limit, long actual) implements Refused {}

    /** Another record of the same atomic batch was refused. */
    public record Together() implements Refused {}
}
