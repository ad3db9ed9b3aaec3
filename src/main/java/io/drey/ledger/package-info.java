// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

/**
 * The durable truth behind one interface: who may write, what is stored, what happened, and what was answered.
 *
 * <p>Imports {@code io.drey.model} and the JDK, no database. It promises that a stage which completes normally tells of
 * something durable, that a refusal left nothing behind, and that a failure says which of the two holds or that nobody
 * knows ({@link io.drey.ledger.LedgerException.Unknown}). Versions are positions in the log: they grow without end and
 * in commit order, whatever clocks do.
 *
 * <p>The obvious approach would be to let each part of Drey speak SQL. One narrow interface was chosen instead so that
 * two databases can be held to the same promises by the same tests, and so that the rules of a commit (epoch, space,
 * version, quota, answer) stand in one place for each.
 */
package io.drey.ledger;
