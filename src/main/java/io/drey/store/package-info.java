// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * The stores as this node knows them, and the way to their records: what all dialects call. May use the model, the
 * ledger, the partitions and Vert.x core. While a store is changed, nobody remembers it and whoever asks for it waits.
 */
package io.drey.store;
