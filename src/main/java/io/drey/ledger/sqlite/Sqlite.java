// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException;

/** Opens the ledger that one node keeps in a SQLite file. */
public final class Sqlite {
    private Sqlite() {}

    /**
     * Opens the database in the configured directory, or makes it. Blocks; called before the node serves.
     *
     * @throws LedgerException.Unusable when another process has it, or it is damaged, foreign or of a newer Drey;
     *     nothing was changed then
     */
    public static Ledger open(SqliteConfig config) {
        return Opening.open(config);
    }
}
