// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerContract;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** SQLite is held to what every ledger is held to. */
class SqliteLedgerTest extends LedgerContract {
    @TempDir
    Path directory;

    @Override
    protected Ledger open() {
        return Sqlite.open(new SqliteConfig(directory, Durability.OS, 2, 4_096));
    }
}
