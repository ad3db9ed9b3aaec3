// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.vertx.core.Future;
import java.util.concurrent.CompletableFuture;

/**
 * One key of an atomic batch while its coordinator has it: nothing else is done to it meanwhile, on whichever node its
 * owner is. Ends with {@link #letGo}, before which one of the verdicts may be told.
 */
interface BatchKey {
    RecordKey key();

    /** Of its partition, under which the batch's commit writes it. */
    int partition();

    long epoch();

    /** Whether the claim is still believed here; the ledger has the last word. */
    boolean stands();

    /** As committed when the key was taken, null when absent. */
    Entry entry();

    /** The bytes of a large value that an operation looks into, else null. */
    byte[] materialized();

    default long materializedBytes() {
        return materialized() == null ? 0 : materialized().length;
    }

    /** From here on readers of the key wait until {@code settled}. */
    void commitBegins(CompletableFuture<Void> settled);

    /** The batch was committed and this is the record now, null when absent. */
    void committed(Entry next);

    /** The batch was committed, and did not touch this key. */
    void unchanged();

    /** The batch was refused; when {@code doubtful}, what is remembered of the record is not to be believed. */
    void commitFails(boolean doubtful);

    /** Nobody knows: when this completes, the batch can no longer take effect by this key's epoch. */
    Future<Void> shutOut();

    void letGo();
}
