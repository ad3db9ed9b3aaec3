// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException;

/** Opens a ledger in a PostgreSQL database, version 14 or later, that any number of nodes share. */
public final class Postgres {
    private Postgres() {}

    /**
     * Connects, makes or migrates the schema {@code drey}, and takes up the server if it was started anew. Blocks for
     * some seconds at most, or while another node migrates.
     *
     * @throws LedgerException.Unusable with one line for whoever starts the node, which never holds the password
     */
    public static Ledger open(PostgresConfig config) {
        return Opening.open(config);
    }
}
