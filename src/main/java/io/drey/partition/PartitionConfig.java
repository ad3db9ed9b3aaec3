// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Limits;

/**
 * Settings of the partitions.
 *
 * @param writeTimeoutMillis limit for one write
 * @param memoryBytes of records kept in memory
 * @param headsMax entries in the Hazelcast map
 * @param loadCalls to the ledger at once
 * @param batchBytesMax of values that an atomic batch has in hand at once
 */
public record PartitionConfig(
        long writeTimeoutMillis, long memoryBytes, int headsMax, int loadCalls, long batchBytesMax, Limits limits) {
    public PartitionConfig {
        if (writeTimeoutMillis <= 0 || memoryBytes <= 0 || headsMax <= 0 || loadCalls <= 0) {
            throw new IllegalArgumentException("bounds of partitions must be positive");
        }
    }
}
