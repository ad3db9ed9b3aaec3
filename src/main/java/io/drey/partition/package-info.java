// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * The owners of the keys: claims, the Hazelcast map with its one entry processor, the committer, and the way of a
 * command to the owner of its key. May use the model, the ledger, Hazelcast and Vert.x core.
 *
 * <h2>The states of a record</h2>
 *
 * A <em>head</em> is the newest applied state; it lives in the map. The <em>committed</em> state is what the ledger has;
 * it lives in a <em>slot</em>, where readers find it without a hop. A command is applied to the head on the partition's
 * thread, in a chain: each change names the head that it saw. The committer takes all that waits as one commit; when
 * that is settled, slots show the new states, heads become committed and keep nothing but their version, and each event
 * loop is woken once for its answers.
 *
 * <h2>What makes it right</h2>
 *
 * <ul>
 *   <li>Answers leave only when the head that they saw is committed, also those of operations that changed nothing.
 *   <li>While a commit is out, reads of its keys wait: the ledger may show the new state before this node knows it.
 *   <li>A change that is refused takes the later ones of its key along; they are repeated in order, under their ids,
 *       within their time.
 *   <li>A command that is given up while it waits is never sent ({@code Attempt}): its 503 is final. One that was sent and
 *       not answered is unknown: 504.
 *   <li>There is no commit without a slot, and loads begin and end without one ({@code Loader}), so that nothing that was
 *       loaded can be older than what was committed.
 *   <li>Everything remembered hangs on an {@code OwnedPartition}, one for each claim, so nothing outlives its epoch.
 *   <li>An atomic batch locks its keys in key order, waits until nothing else is under way for each, and commits by
 *       itself; later commands of the keys are parked behind the locks.
 * </ul>
 *
 * <h2>Approaches not taken</h2>
 *
 * Acknowledging from the map with Hazelcast's backups: they may be skipped, emptied or merged past us, and then an
 * acknowledged write is lost. Writing to the ledger inside the processor: a third of the throughput, and a slow disk
 * stops a share of all keys. Keeping every record in the map: twice the memory, since readers need the committed state
 * anyway; the map holds only what was lately written, and the slots what is in use.
 */
package io.drey.partition;
