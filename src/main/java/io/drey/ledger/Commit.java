// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import java.util.List;

/**
 * What one transaction does.
 *
 * @param records at most one for each key; log positions are given in their order
 * @param answers remembered although nothing changed
 * @param batch names an atomic batch, all of which is committed or none; else null
 * @param guards of an atomic batch: the claims of the keys that it only read; where one has fallen, the first record is
 *     {@link CommitResult.Stale} and the others {@link CommitResult.Together}
 */
public record Commit(List<RecordCommit> records, List<Answers.Answer> answers, String batch, List<Guard> guards) {
    /** Without guards. */
    public Commit(List<RecordCommit> records, List<Answers.Answer> answers, String batch) {
        this(records, answers, batch, List.of());
    }

    /** A claim that must still stand although nothing is written under it. */
    public record Guard(int partition, long epoch) {}

    /**
     * Takes one record from a known state to another, through one or more logged changes.
     *
     * @param baseVersion the version that the first step began at, {@link Entry#PENDING} when the key was absent; the
     *     ledger refuses when it holds another
     * @param baseSize bytes of the value at that version, 0 when absent
     * @param next the state after the last step, null when absent
     * @param steps at least one
     */
    public record RecordCommit(
            RecordKey key, int partition, long epoch, long baseVersion, long baseSize, Entry next, List<Step> steps) {}

    /**
     * One logged change.
     *
     * @param operationId of the command that made it
     * @param answer to remember with it, its version being the position of this change; null for none
     */
    public record Step(Change change, long operationId, Answers.Answer answer) {}
}
