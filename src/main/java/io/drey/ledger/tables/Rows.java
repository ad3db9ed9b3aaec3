// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.tables;

import io.drey.ledger.LedgerException;

/** Rows of one table after the other. */
@FunctionalInterface
public interface Rows {
    /**
     * Reads a whole table in the order of its key, some rows at a time. Blocks.
     *
     * @throws LedgerException.Unusable when it cannot be read or is damaged; says where
     */
    void each(Table table, Visitor visitor);

    /** Takes one row, an array that is not used again. */
    @FunctionalInterface
    interface Visitor {
        void row(Object[] row);
    }
}
