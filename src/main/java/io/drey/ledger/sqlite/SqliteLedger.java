// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Answers;
import io.drey.ledger.ChangeLog;
import io.drey.ledger.Claims;
import io.drey.ledger.Directory;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerStatus;
import io.drey.ledger.Marks;
import io.drey.ledger.Payloads;
import io.drey.ledger.Records;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/** The parts of a ledger in one SQLite file, put together. */
final class SqliteLedger implements Ledger {
    private final Connections connections;
    private final LockFile lock;
    private final Session session;
    private final Writer writer;
    private final Readers readers;
    private final Checkpoints checkpoints;
    private final Health health;
    private final Clock clock;
    private final SqliteClaims claims;
    private final SqliteRecords records;
    private final SqlitePayloads payloads;
    private final SqliteChangeLog log;
    private final SqliteAnswers answers;
    private final SqliteDirectory directory;
    private volatile boolean closed;

    SqliteLedger(
            Connections connections,
            LockFile lock,
            Session session,
            Writer writer,
            Readers readers,
            Checkpoints checkpoints,
            Health health,
            Clock clock) {
        this.connections = connections;
        this.lock = lock;
        this.session = session;
        this.writer = writer;
        this.readers = readers;
        this.checkpoints = checkpoints;
        this.health = health;
        this.clock = clock;
        this.claims = new SqliteClaims(writer);
        this.records = new SqliteRecords(writer, readers, claims);
        this.payloads = new SqlitePayloads(writer, readers);
        this.log = new SqliteChangeLog(writer, readers);
        this.answers = new SqliteAnswers(writer, readers);
        this.directory = new SqliteDirectory(writer, readers);
        writer.start();
        checkpoints.start();
    }

    /** The lock file lets nobody else in. */
    @Override
    public boolean isShared() {
        return false;
    }

    @Override
    public Marks marks() {
        return new NoMarks();
    }

    @Override
    public Claims claims() {
        return claims;
    }

    @Override
    public Records records() {
        return records;
    }

    @Override
    public Payloads payloads() {
        return payloads;
    }

    @Override
    public ChangeLog log() {
        return log;
    }

    @Override
    public Answers answers() {
        return answers;
    }

    @Override
    public Directory directory() {
        return directory;
    }

    @Override
    public long now() {
        return clock.now();
    }

    @Override
    public LedgerStatus status() {
        return new LedgerStatus(
                "sqlite",
                health.refusal() == null,
                health.isFull(),
                size(connections.file()) + size(connections.wal()),
                closed ? "the ledger is closed" : health.trouble());
    }

    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        health.close();
        try {
            writer.stop();
            readers.stop();
            checkpoints.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        closeDatabase();
        try {
            lock.close();
        } catch (IOException e) {
            // The end of the process releases it.
        }
    }

    /**
     * Closing the last connection of SQLite copies the write-ahead log back. After a failed sync that could make of a
     * doubtful log a doubtful database, so the connections of a broken one are left to the end of the process.
     */
    private void closeDatabase() {
        if (health.isBroken()) {
            return;
        }
        try {
            readers.closeSessions();
            checkpoints.closeSession();
            Meta.put(session, Meta.TIME_FLOOR, clock.now());
            Meta.put(session, Meta.POSITION_FLOOR, writer.position());
            Meta.put(session, Meta.CLEAN, 1);
            session.run("pragma wal_checkpoint(truncate)");
            session.close();
        } catch (SQLException e) {
            // What was acknowledged is in the write-ahead log; the next start takes it from there.
        }
    }

    /** The writer, for tests that fill the disk or halt in the middle. */
    Writer writer() {
        return writer;
    }

    private static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            return 0;
        }
    }
}
