// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

/**
 * The ledger in one SQLite file, for one node.
 *
 * <p>Imports {@code io.drey.ledger}, its tables, {@code io.drey.model} and the SQLite driver; only {@link
 * io.drey.ledger.sqlite.Sqlite} with its configuration, and the two ends of a copy of a whole ledger, are seen
 * outside. One thread writes, a few read, one copies the write-ahead log back into the file. It promises what the
 * contract of the ledger says, and that damage is noticed before it is served: rows and chunks carry checksums.
 *
 * <p>Approaches not taken:
 *
 * <ul>
 *   <li><b>An index of the log by key</b>, for history. Keys are written in no order, so each write would dirty a
 *       second page. Each log row points to the one before of its key instead; a present record points to its newest
 *       row by its version, an absent key by its tombstone.
 *   <li><b>Summing sizes</b> to know how large the log is. Each row carries the running total, so that two rows tell.
 *   <li><b>Automatic checkpoints.</b> They run inside a commit and make some commits slow; a thread of their own makes
 *       none slow.
 *   <li><b>Watching the free space</b> of the disk to keep room for deletions. Others fill the disk too, between look
 *       and write. A file of real bytes is given up when the disk is full, and written anew when there is room.
 *   <li><b>Memory-mapped reading.</b> A sector that cannot be read would then end the process by a signal, where
 *       {@code pread} reports an error that can be told.
 *   <li><b>Exclusive locking.</b> It would spare little and keep {@code sqlite3 drey.db "vacuum into …"} from making
 *       backups of a running node.
 * </ul>
 */
package io.drey.ledger.sqlite;
