// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Durability;
import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.sqlite.Job.Sync;
import io.drey.ledger.sqlite.Writer.LogEnd;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;

/** The steps from a directory to a ledger that works; whatever is wrong is said in one line, and nothing is changed. */
final class Opening {
    /** A check of every page takes about a second for so many bytes. */
    private static final long QUICK_CHECK_BYTES_MAX = 64L << 20;

    private final SqliteConfig config;
    private final Connections connections;
    private final Health health = new Health();
    private final Reserve reserve;

    private Opening(SqliteConfig config) {
        this.config = config;
        this.connections = new Connections(config.directory());
        this.reserve = new Reserve(config.directory(), config.reserveBytes());
    }

    static SqliteLedger open(SqliteConfig config) {
        Path directory = config.directory();
        makeDirectory(directory);
        LockFile lock = LockFile.take(directory);
        try {
            return new Opening(config).open(lock);
        } catch (SQLException e) {
            release(lock);
            throw unusable(directory, e);
        } catch (IOException e) {
            release(lock);
            throw new Unusable("data.dir " + directory + " cannot be read (" + e + ")", e);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private SqliteLedger open(LockFile lock) throws SQLException, IOException {
        Path file = connections.file();
        String trouble = Header.trouble(file, connections.wal());
        if (trouble != null) {
            throw new Unusable(trouble, null);
        }
        boolean isNew = !Files.exists(file) || Files.size(file) == 0;
        Session session = connections.writer(isNew);
        try {
            prepare(session);
            if (isNew) {
                syncDirectory(config.directory());
            }
            if (!reserve.take()) {
                reserve.giveUp();
                health.setFull(true);
            }
            return ledger(lock, session);
        } catch (SQLException | IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    private void prepare(Session session) throws SQLException, IOException {
        long version = Schema.version(session);
        if (version > Schema.newest()) {
            throw new Unusable(
                    connections.file() + " was written by a newer Drey (schema " + version + ", this one knows "
                            + Schema.newest() + "); start that one, or restore a backup from before",
                    null);
        }
        Schema.migrate(session);
        if (!Schema.isWhole(session)) {
            throw new Unusable(
                    connections.file() + " has a damaged schema: its tables are not those of Drey; restore it from a"
                            + " backup",
                    null);
        }
        if (Meta.get(session, Meta.CLEAN) == 0 && Files.size(connections.file()) < QUICK_CHECK_BYTES_MAX) {
            String found = session.first("pragma quick_check(1)", row -> row.getString(1));
            if (!"ok".equals(found)) {
                throw new Unusable(
                        connections.file() + " is damaged (" + found.replace('\n', ' ') + "); restore it from a backup",
                        null);
            }
        }
        try {
            begin(session);
        } catch (SQLException e) {
            if (new Failures(config.directory()).meaning(e) != Failures.Meaning.FULL) {
                throw e;
            }
            // On a full disk the reserve is what lets a node start, and so lets records be deleted.
            reserve.giveUp();
            begin(session);
        }
    }

    /** From here on the database counts as not closed in order; what no process can still claim or bind is let go. */
    private static void begin(Session session) throws SQLException {
        session.run("begin immediate");
        try {
            Meta.put(session, Meta.CLEAN, 0);
            session.run("update incarnation set ended = 1 where ended = 0");
            session.run("update claim set incarnation = null where incarnation is not null");
            session.run("update payload set touched_at = 0 where bound = 0 and touched_at > 0");
            session.run("commit");
        } catch (SQLException e) {
            session.run("rollback");
            throw e;
        }
    }

    private SqliteLedger ledger(LockFile lock, Session session) throws SQLException {
        LogEnd end = end(session);
        var failures = new Failures(config.directory());
        var clock = new Clock(Math.max(end.time(), Meta.get(session, Meta.TIME_FLOOR)));
        var sync = config.durability() == Durability.FSYNC ? Sync.FULL : Sync.NORMAL;
        var writer =
                new Writer(session, health, failures, new Room(health, reserve, connections.file()), clock, sync, end);
        var readers = new Readers(connections, config.readers(), health, failures);
        var checkpoints = new Checkpoints(
                connections.checkpointer(), connections.wal(), writer, health, failures, reserve.growthBytes());
        return new SqliteLedger(connections, lock, session, writer, readers, checkpoints, health, clock);
    }

    private static LogEnd end(Session session) throws SQLException {
        long floor = Meta.get(session, Meta.POSITION_FLOOR);
        LogEnd last = session.first(
                "select position, weight, time from log order by position desc limit 1",
                row -> new LogEnd(row.getLong(1), row.getLong(2), row.getLong(3)));
        return last == null
                ? new LogEnd(floor, 0, 0)
                : new LogEnd(Math.max(floor, last.position()), last.weight(), last.time());
    }

    static void makeDirectory(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(directory);
                Path parent = directory.toAbsolutePath().getParent();
                if (parent != null) {
                    syncDirectory(parent);
                }
            }
        } catch (IOException e) {
            throw new Unusable(
                    "data.dir " + directory + " cannot be made (" + e + "); check the path and its rights", e);
        }
    }

    /** Makes names in the directory durable, which syncing the files does not. */
    static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static Unusable unusable(Path directory, SQLException e) {
        var failures = new Failures(directory);
        return switch (failures.meaning(e)) {
            case BROKEN -> new Unusable("data.dir " + directory + ": " + failures.words(e), e);
            case FULL ->
                new Unusable("data.dir " + directory + ": the disk is full; make some room and start again", e);
            case PASSING ->
                new Unusable(
                        "data.dir " + directory + ": the database cannot be opened (" + e.getMessage()
                                + "); check the rights of its files",
                        e);
        };
    }

    private static void release(LockFile lock) {
        try {
            lock.close();
        } catch (IOException e) {
            // The process is about to end anyway.
        }
    }
}
