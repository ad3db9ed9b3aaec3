// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Durability;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the database lives and how it is used.
 *
 * @param directory holds the database, its lock and its reserve; made when missing
 * @param readers threads that read, 1 to 64
 * @param reserveBytes kept on the disk for deletions when it is full, 0 to 1 GiB
 */
public record SqliteConfig(Path directory, Durability durability, int readers, long reserveBytes) {
    public static final long RESERVE_BYTES_DEFAULT = 16L << 20;

    private static final int READERS_MAX = 64;
    private static final long RESERVE_BYTES_MAX = 1L << 30;

    public SqliteConfig {
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(durability, "durability");
        if (readers < 1 || readers > READERS_MAX) {
            throw new IllegalArgumentException("readers must be 1 to " + READERS_MAX + ", not " + readers);
        }
        if (reserveBytes < 0 || reserveBytes > RESERVE_BYTES_MAX) {
            throw new IllegalArgumentException(
                    "reserve must be 0 to " + RESERVE_BYTES_MAX + " bytes, not " + reserveBytes);
        }
    }
}
