// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

/**
 * The owners of the keys: claims, the Hazelcast map with its one entry processor, the committer, and the way of a
 * command to the owner of its key, on this node or another. May use the model, the ledger, the members, Hazelcast and
 * Vert.x core.
 *
 * <h2>The states of a record</h2>
 *
 * A <em>head</em> is the newest applied state; it lives in the map. The <em>committed</em> state is what the ledger has;
 * it lives in a <em>slot</em>, where readers find it without a hop. A command is applied to the head on the partition's
 * thread, in a chain: each change names the head that it saw. The committer takes all that waits as one commit; when
 * that is settled, slots show the new states, heads become committed and keep nothing but their version, and each event
 * loop is woken once for its answers.
 *
 * <h2>What makes it right on one node</h2>
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
 * <h2>What makes it right among nodes</h2>
 *
 * Hazelcast's table says who <em>should</em> own a partition, the ledger's claims say who <em>does</em>; {@code Ownership}
 * brings the second in line with the first, by levels. Two nodes may well believe that they own a partition, but:
 *
 * <ul>
 *   <li>A commit names its epoch, which the ledger checks after it has taken the turn: only the last claim can write.
 *   <li>An answer from memory is checked in this order: look, still owned, lease still running. As nobody can claim what
 *       a running lease covers, the look was true when it was made ({@link io.drey.member}).
 *   <li>Any node may answer a read from the ledger, for the owner's readers wait while a commit is out; so neither source
 *       can show something that the other takes back.
 *   <li>A command leaves this node for another only as long as every message before was answered by "not here" or
 *       certainly not delivered ({@code Elsewhere}). The owner takes each id in once until the command's time is over by
 *       the clock that also refuses late ones ({@code Taken}). So no command is executed twice, whatever arrives twice.
 *   <li>A commit whose answer was lost is settled by raising the epochs of its partitions, which waits for it and shuts
 *       it out, and then by the operation ids in the log ({@code Doubt}).
 *   <li>A key that is held for another node's atomic batch is believed again only after that node's word, or after the
 *       batch was shut out by a new epoch ({@code Holds}).
 * </ul>
 *
 * <h2>Where a node may die or be paused</h2>
 *
 * <ul>
 *   <li><b>After a claim was committed, before it is known</b>: the view shows a claim of this node that it does not have
 *       in memory; it claims again, under a greater epoch, or releases. Nobody served the partition meanwhile.
 *   <li><b>After applying, before the commit</b>: the heads are lost with the memory; nothing was answered. On a pause the
 *       commit comes late: if another node claimed meanwhile, the epoch refuses it, and the commands go to the new owner.
 *   <li><b>After the commit, before the answer</b>: the ledger has the change; who waited hears nothing, and the outcome
 *       is unknown to him: a repeat under an idempotency key finds the answer, which was committed with the change. On a
 *       pause, what waited in memory for this commit and changed nothing is answered only under a running lease.
 *   <li><b>During a read</b>: the check of the lease is the last step, and the reply may be as late as it likes.
 *   <li><b>While draining</b>: closed partitions take nothing in; what was taken in is committed under the old epoch or,
 *       after the release, refused and sent on. A drain that never ends is cut short after two seconds by the release.
 *   <li><b>After the release, before the next claim</b>: nobody owns the partition; reads are answered from the ledger,
 *       writes wait and are routed anew.
 *   <li><b>Between two messages of an atomic batch</b>: holders wait for their time, then shut the batch out and believe
 *       the ledger. A coordinator that wakes up later finds its commit refused.
 * </ul>
 *
 * <h2>Approaches not taken</h2>
 *
 * Acknowledging from the map with Hazelcast's backups: they may be skipped, emptied or merged past us, and then an
 * acknowledged write is lost. Letting Hazelcast carry the processor to the owner of its table: that table and the claims
 * differ for a while at each move, and processors run at least once. Writing to the ledger inside the processor: a third
 * of the throughput, and a slow disk stops a share of all keys. Keeping every record in the map: twice the memory, since
 * readers need the committed state anyway; the map holds only what was lately written, and the slots what is in use.
 * Committing an atomic batch in two phases: the ledger is one database, so one commit with all epochs is enough, and
 * nothing has to be remembered about batches that broke off.
 */
package io.drey.partition;
