// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.tables;

import io.drey.ledger.LedgerException;

/** A ledger that no node works on, as of one instant. It is never changed. For one thread. */
public interface TableSource extends Rows, AutoCloseable {
    Floors floors();

    /**
     * Called last: makes sure that nobody has changed the ledger since it was opened.
     *
     * @throws LedgerException.Unusable when somebody has
     */
    void confirm();

    @Override
    void close();
}
