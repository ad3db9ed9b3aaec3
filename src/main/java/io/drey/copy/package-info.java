// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

/**
 * Copies a whole ledger from one database to another while no node runs: from one node to many, and back.
 *
 * <p>Imports {@code io.drey.ledger}, its tables and the two implementations. It promises that everything arrives or
 * nothing does, that the source stays as it is, and that what arrived was read back and compared.
 *
 * <p>Approach not taken: to replay the source through the interface of the ledger. That would give new versions, times
 * and ids, and each ETag, cursor and token that clients hold would be void.
 */
package io.drey.copy;
