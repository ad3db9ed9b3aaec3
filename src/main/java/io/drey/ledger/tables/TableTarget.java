// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.tables;

/**
 * An empty ledger that is being filled. Nothing of it is there for anybody until {@link #finish}; closed before, it is
 * as it was. Every method blocks and fails with {@link io.drey.ledger.LedgerException.Unusable}. For one thread.
 */
public interface TableTarget extends Rows, AutoCloseable {
    /** Adds a row; the rows of a table come together and in the order of its key. */
    void write(Table table, Object[] row);

    /** Called once after the last row: later numbers are given above these. */
    void raise(Floors floors);

    /**
     * Makes all of it durable and visible at one instant.
     *
     * @throws io.drey.ledger.LedgerException.Unknown when it may have happened
     */
    void finish();

    @Override
    void close();
}
