// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

/**
 * Whether this node lives, and who else does: its incarnation in the ledger, the lease that follows from renewing it,
 * and the agreement of all nodes to let go of something before it changes. May use the ledger and Vert.x core.
 *
 * <h2>Leases</h2>
 *
 * A node may answer from memory for a time after it <em>sent</em> a renewal that succeeded. Another node that has seen
 * the counter of an incarnation unchanged for longer than that may end it, if the counter is still the same then. Both
 * count elapsed time on one machine each, so no clocks are compared: the holder's time begins before the renewal is
 * written, the observer's after it was read.
 *
 * <p>Where a node may be paused, and what follows: before the renewal is sent: the lease runs out, memory is not
 * believed; between sending and answer: the same, since the time runs from the sending; after the answer: the check of
 * the lease comes after the look into memory and tells that the look was true when it was made.
 *
 * <h2>Approaches not taken</h2>
 *
 * Comparing wall clocks with the database's: one jump of a clock gives two owners. Advisory locks or a session of the
 * database as the sign of life: they fall with the connection, and it is the server that notices that late. Hazelcast's
 * list of members: two halves of a split each have one.
 */
package io.drey.member;
