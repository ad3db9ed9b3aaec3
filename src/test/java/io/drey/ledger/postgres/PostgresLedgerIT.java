// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.faults.PostgresServer;
import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerContract;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** PostgreSQL is held to what every ledger is held to. */
class PostgresLedgerIT extends LedgerContract {
    private static PostgresServer server;
    private static int databases;

    @BeforeAll
    static void startServer() {
        server = new PostgresServer().with("fsync", "off").start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() {
        server.createDatabase("test" + ++databases);
    }

    @Override
    protected Ledger open() {
        return Postgres.open(new PostgresConfig(server.url("test" + databases), Durability.OS, 3_000, 2));
    }
}
