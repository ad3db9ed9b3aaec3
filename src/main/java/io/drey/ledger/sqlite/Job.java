// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;

/**
 * Something for the writer to do in a transaction of its own.
 *
 * @param needsRoom refused at once while the disk is full
 * @param sync what its commit waits for
 */
record Job<T>(Work<T> work, boolean needsRoom, Sync sync, CompletableFuture<T> stage) {
    /** May be run again after a failure, so it keeps no state of its own. */
    interface Work<T> {
        T run(Turn turn) throws SQLException;
    }

    /** How durable a commit is when it returns; the text is SQLite's. */
    enum Sync {
        FULL("pragma synchronous = full"),
        NORMAL("pragma synchronous = normal");

        private final String pragma;

        Sync(String pragma) {
            this.pragma = pragma;
        }

        String pragma() {
            return pragma;
        }
    }

    void fail(LedgerException failure) {
        stage.completeExceptionally(failure);
    }
}
