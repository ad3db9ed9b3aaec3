// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

/**
 * The ledger in a PostgreSQL database that any number of nodes share.
 *
 * <p>Imports {@code io.drey.ledger}, {@code io.drey.model} and Vert.x's PostgreSQL client; {@link
 * io.drey.ledger.postgres.Postgres}, its configuration and the two ends of the offline copy are seen outside. It
 * promises what the contract of the ledger says, to several ledgers at one database as well, whose nodes may die, be
 * paused or lose the database at any point, and at a database that is restarted, failed over or restored.
 *
 * <p><b>The turn.</b> {@code drey.turn} has one row, and each function that writes locks it first ({@code
 * drey.take_turn}). So commits, claims, changes of stores and sweeps happen one at a time; and since each statement of
 * a function sees what was committed before that statement began, all that follows the lock sees what the turns before
 * left. The last position is read from the end of the log, so the row is locked but not updated, and an old snapshot
 * held open by somebody else lets no dead versions of it pile up. Uploads of chunks and renewals do without the turn.
 *
 * <p><b>A commit</b> is one call of {@code drey.commit_records}: one statement, one transaction, one message there and
 * one back. It takes the turn; judges all records at once, each by epoch and living holder, space, answer, version
 * (absence included), payload and quota; and writes those that passed with one statement for each table. Record by
 * record is the way only where an earlier record of the commit can decide about a later one: two that bear the same
 * answer, or a store so near its quota that its growth might not fit. A refusal that undoes others is undone by a
 * savepoint. Large values are uploaded before, and bound in the turn.
 *
 * <p><b>What a halt leaves.</b> Before the function ends: nothing, and the lock goes with the transaction. After the
 * commit and before its answer: {@link io.drey.ledger.LedgerException.Unknown}; claiming the partition again waits for
 * the turn, so for that commit, and shuts out what is still on its way under the old epoch; then the log tells. A client
 * that is paused or cut off holds no lock, since no transaction spans two messages. Only an ERROR from within a
 * function proves that nothing happened; a lost connection, a FATAL or a time-out that strikes after the function do
 * not.
 *
 * <p><b>The identity</b> is the system identifier, the timeline and what {@code drey.server} tells: the start of the
 * server, the database and its table of turns, and a nonce in an unlogged table, which recovery from a crash empties,
 * since a server that loses one process recovers without a new start and may have lost commits that were not flushed.
 * Each new connection compares the identity with that in the turn's row before it is used, and each function that
 * writes is told the server that its caller means, so a new address leads to no other server unnoticed. Reads are told
 * nothing; but as soon as one connection has taken up another server, all that lead to the old one are dropped, with
 * what they answer, and the old one is not taken up again. Whoever finds another identity first adopts it ({@code
 * drey.adopt}): all incarnations are ended and claims let go, all numbers go on above those that can have been given,
 * by the clock, since a backup from before several starts of the server must repeat no version either; and nothing is
 * claimed for a lease, by the server's clock and by the elapsed time of each ledger, during which nodes may still
 * answer from memory. {@code drey.jump} tells readers of the log which positions were never given.
 *
 * <p><b>Connections.</b> One event loop serves them: one connection for commits, one for other changes, one for
 * renewals, one for uploads, one for the background, two for reads and some for listings, so that nothing urgent waits
 * behind what is not. Time-outs are the server's first, whose refusal is certain, then the client's own, which drops
 * the connection: a paused server or a cut network never says goodbye. A warning of the server drops it too where
 * something is written: the commit may not have reached its standby. Each connection is a session of its own, with its
 * settings and prepared statements; a pooler, which may mix sessions, is refused. Each function that takes the turn
 * refuses a transaction with one snapshot for all its statements, which would not see what the turns before left.
 *
 * <p>Approaches not taken:
 *
 * <ul>
 *   <li><b>A commit as one statement</b> with a lock in a common table expression. Its snapshot is older than the lock
 *       that it waits for, so it would write under an epoch that was taken over meanwhile.
 *   <li><b>{@code on conflict do update where version = …}</b> as the check of the version: it brings a deleted record
 *       back. Versions are compared beforehand, in the turn.
 *   <li><b>A sequence for positions.</b> Its order is not the order of commits, and it has gaps: a reader cannot tell
 *       one from a commit under way.
 *   <li><b>An advisory lock as the turn.</b> It is not replicated or kept either, but {@code lock_timeout} and the
 *       views of locks tell more of a row, and the row holds what is checked under it anyway.
 *   <li><b>Counting in the store's row.</b> With an old snapshot open each commit would walk past ever more dead
 *       versions of it. A commit adds a row, and one commit in 64 or so folds what there is.
 *   <li><b>The timeline from {@code pg_control_checkpoint}.</b> It names the new one only some time after a promotion,
 *       and so would make one failover look like two.
 *   <li><b>A pool of the client.</b> A connection that hangs cannot be taken out of it by force.
 *   <li><b>Checksums of rows</b>, as in SQLite. PostgreSQL has checksums of pages, which its operator turns on.
 * </ul>
 */
package io.drey.ledger.postgres;
