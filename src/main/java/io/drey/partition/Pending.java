// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.RecordKey;
import io.drey.model.Transition;

/**
 * An applied operation on its way to the ledger. Those that changed nothing come along too: they wait for the head that
 * they saw.
 *
 * @param execution null for an expiry that another operation came upon
 * @param base the head that the operation saw
 * @param head the one it made, null when it changed nothing
 */
record Pending(
        Execution execution,
        OwnedPartition owner,
        RecordKey key,
        Slot slot,
        Head base,
        Head head,
        Transition transition) {
    boolean isChange() {
        return head != null;
    }

    /** Lets whatever was built on this one fall too. */
    void refuse() {
        if (head != null) {
            head.refuse();
        }
    }
}
