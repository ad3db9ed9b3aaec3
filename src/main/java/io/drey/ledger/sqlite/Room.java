// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;

/**
 * The state of a full disk: entered by giving up the reserve, left when it can be written anew. Writer's thread.
 *
 * <p>What a commit writes needs room twice: in the write-ahead log, and, where the file must grow, in the file when the
 * log is copied back. Only when all is copied can the log begin anew in the room that it has. So the growth that is
 * still to come is kept below the reserve; with it given up, the copying succeeds, and deletions go on in the log's own
 * room for as long as they like.
 */
final class Room {
    private static final long RETRY_NANOS = 1_000_000_000L;
    private static final long PAGE_BYTES = 4_096;
    private static final int ROUNDS = 8;
    private static final int PAGES_A_ROUND = 256;
    private static final int COMMITS_A_COPY = 16;

    private final Health health;
    private final Reserve reserve;
    private final Path file;
    private long copiedPages;
    private long lastTry;
    private int commits;

    Room(Health health, Reserve reserve, Path file) {
        this.health = health;
        this.reserve = reserve;
        this.file = file;
    }

    /** There is no room: from now on only what removes something is done. */
    void fill(Session session) throws SQLException {
        reserve.giveUp();
        health.setFull(true);
        lastTry = System.nanoTime();
        copy(session);
    }

    /** After a commit: copies the write-ahead log back before the file would have to grow by more than the reserve. */
    void keep(Session session) throws SQLException {
        long pages = session.number("pragma page_count", 0);
        if (pages - copiedPages > reserve.growthBytes() / PAGE_BYTES) {
            // The thread for it has mostly been there before; then this look at the file is all.
            copiedPages = pages();
            if (pages - copiedPages > reserve.growthBytes() / PAGE_BYTES) {
                copy(session);
            }
        } else if (health.isFull() && ++commits % COMMITS_A_COPY == 0) {
            copy(session);
        }
    }

    /** While full, once a second: gives the disk back what can be given back and tries to take the reserve anew. */
    void heal(Session session) {
        if (!health.isFull() || health.isBroken() || System.nanoTime() - lastTry < RETRY_NANOS) {
            return;
        }
        lastTry = System.nanoTime();
        try {
            shrink(session);
        } catch (SQLException e) {
            // It is tried again in a second, and what matters fails in a commit.
        }
        if (reserve.take()) {
            health.setFull(false);
        }
    }

    /** Gives free pages of the file and the room of the write-ahead log back to the disk. */
    private void shrink(Session session) throws SQLException {
        // Waiting for other readers of the file would hold up every commit.
        session.run("pragma busy_timeout = 0");
        try {
            copy(session);
            for (int i = 0; i < ROUNDS && !reserve.hasRoom(); i++) {
                if (session.number("pragma freelist_count", 0) == 0) {
                    break;
                }
                session.runToEnd("pragma incremental_vacuum(" + PAGES_A_ROUND + ")");
                session.run("pragma wal_checkpoint(truncate)");
            }
            session.run("pragma wal_checkpoint(truncate)");
        } finally {
            session.run("pragma busy_timeout = " + Connections.BUSY_MILLIS);
        }
    }

    /** Copies the write-ahead log back into the file. */
    void copy(Session session) throws SQLException {
        session.run("pragma wal_checkpoint(passive)");
        copiedPages = pages();
    }

    private long pages() {
        return file.toFile().length() / PAGE_BYTES;
    }
}
