// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

/**
 * What a ledger keeps, as plain tables of rows: the form in which a whole ledger moves from one database to another.
 *
 * <p>Imports {@code io.drey.ledger}. Each ledger reads and writes these tables in its own package and knows nothing of
 * the others; what is particular to one database (checksums, folded counters, the names of sequences) never shows here.
 *
 * <p>Left out on purpose is what belongs to running nodes: incarnations, what they hold and the marks they set. Of
 * those only the numbers travel, see {@link io.drey.ledger.tables.Floors}.
 */
package io.drey.ledger.tables;
