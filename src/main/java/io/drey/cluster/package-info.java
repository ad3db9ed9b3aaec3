// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * This node's Hazelcast instance, from {@code cluster.xml}: membership, and the home of the map of heads. Imports
 * Hazelcast. Nothing here says who may write to a partition: that is decided in the ledger.
 */
package io.drey.cluster;
