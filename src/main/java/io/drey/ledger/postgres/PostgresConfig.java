// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Durability;
import java.util.Objects;

/**
 * How to reach the database and how to work with it.
 *
 * @param url {@code postgresql://user:password@host:port/database}, with {@code ?sslmode=…} if wanted
 * @param durability of commits; claims are always synchronous
 * @param leaseMillis how long a node believes what it remembers after it sent a renewal
 * @param readers connections for listings and exports, at least one; the ledger has seven others
 */
public record PostgresConfig(String url, Durability durability, long leaseMillis, int readers) {
    public PostgresConfig {
        Objects.requireNonNull(url, "url");
        Objects.requireNonNull(durability, "durability");
        if (leaseMillis < 100 || leaseMillis > 600_000) {
            throw new IllegalArgumentException("leaseMillis is from 100 to 600000");
        }
        if (readers < 1 || readers > 100) {
            throw new IllegalArgumentException("readers is from 1 to 100");
        }
    }

    /** Without the URL, which may hold a password. */
    @Override
    public String toString() {
        return "PostgresConfig[durability=" + durability + ", leaseMillis=" + leaseMillis + ", readers=" + readers
                + "]";
    }
}
