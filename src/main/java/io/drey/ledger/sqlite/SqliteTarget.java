// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException.Unknown;
import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.tables.Floors;
import io.drey.ledger.tables.Table;
import io.drey.ledger.tables.TableTarget;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;

/**
 * A SQLite ledger in the making: a file in a directory beside its place, without any journal, since until it is synced
 * and moved into place it is nobody's.
 */
public final class SqliteTarget implements TableTarget {
    private static final String WORKPLACE = "copy-in-progress";

    private final LockFile lock;
    private final Path directory;
    private final Connections workplace;
    private final Session session;
    private final TableRows rows;
    private boolean isFinished;

    private SqliteTarget(LockFile lock, Path directory, Connections workplace, Session session) {
        this.lock = lock;
        this.directory = directory;
        this.workplace = workplace;
        this.session = session;
        this.rows = new TableRows(session, workplace.file().toString());
    }

    /**
     * Begins a ledger in {@code directory}, which is made when missing.
     *
     * @throws Unusable when there is a database already, or nothing can be written there
     */
    public static SqliteTarget open(Path directory) {
        var place = new Connections(directory);
        refuseDatabase(place);
        Opening.makeDirectory(directory);
        LockFile lock = LockFile.take(directory);
        try {
            refuseDatabase(place);
            var workplace = new Connections(directory.resolve(WORKPLACE));
            remove(workplace);
            Files.createDirectory(workplace.file().getParent());
            return new SqliteTarget(lock, directory, workplace, prepare(workplace));
        } catch (SQLException | IOException e) {
            release(lock);
            throw failed(directory, e);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    @Override
    public void write(Table table, Object[] row) {
        try {
            rows.write(table, row);
        } catch (SQLException e) {
            throw failed(directory, e);
        }
    }

    @Override
    public void raise(Floors floors) {
        try {
            Meta.put(session, Meta.POSITION_FLOOR, floors.position());
            Meta.put(session, Meta.TIME_FLOOR, floors.time());
            Meta.put(session, Meta.TRIMMED, floors.trimmed());
            Meta.put(session, Meta.CLEAN, 1);
            for (var number : floors.numbers().entrySet()) {
                raise(number.getKey().label(), number.getValue());
            }
            raise("incarnation", floors.incarnation());
            for (var epoch : floors.epochs().entrySet()) {
                session.update(
                        "insert into claim (partition, incarnation, epoch) values (?, null, ?)",
                        epoch.getKey(),
                        epoch.getValue());
            }
        } catch (SQLException e) {
            throw failed(directory, e);
        }
    }

    @Override
    public void each(Table table, Visitor visitor) {
        rows.each(table, visitor);
    }

    @Override
    public void finish() {
        Path made = workplace.file();
        try {
            session.run("commit");
            // Kept in the file: how a ledger is opened.
            session.run("pragma journal_mode = wal");
            session.close();
            try (FileChannel channel = FileChannel.open(made, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(made, directory.resolve(Connections.FILE), StandardCopyOption.ATOMIC_MOVE);
            isFinished = true;
        } catch (SQLException | IOException e) {
            throw failed(directory, e);
        }
        try {
            Opening.syncDirectory(directory);
        } catch (IOException e) {
            throw new Unknown(directory + ": the copy is there, but may not outlive a power cut (" + e + ")", e);
        }
    }

    @Override
    public void close() {
        try {
            if (!isFinished) {
                session.close();
            }
            remove(workplace);
        } catch (SQLException | IOException e) {
            // What remains of it is removed when somebody copies here again.
        }
        release(lock);
    }

    private static void refuseDatabase(Connections place) {
        if (Files.exists(place.file()) || Files.exists(place.wal())) {
            throw new Unusable(
                    place.file().getParent() + " holds a database already; copy to a directory without "
                            + Connections.FILE,
                    null);
        }
    }

    private static Session prepare(Connections workplace) throws SQLException {
        Session session = workplace.writer(true);
        try {
            Schema.migrate(session);
            for (String pragma : List.of("journal_mode = off", "synchronous = off", "cache_size = -65536")) {
                session.run("pragma " + pragma);
            }
            session.run("begin immediate");
            return session;
        } catch (SQLException e) {
            session.close();
            throw e;
        }
    }

    /** A row with a greater number may have raised it already. */
    private void raise(String table, long number) throws SQLException {
        if (session.update("update sqlite_sequence set seq = max(seq, ?) where name = ?", number, table) == 0) {
            session.update("insert into sqlite_sequence (name, seq) values (?, ?)", table, number);
        }
    }

    private static void remove(Connections workplace) throws IOException {
        Path parent = workplace.file().getParent();
        if (!Files.isDirectory(parent)) {
            return;
        }
        try (var files = Files.list(parent)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(parent);
    }

    private static Unusable failed(Path directory, Exception e) {
        boolean isFull = e instanceof SQLException sql && new Failures(directory).meaning(sql) == Failures.Meaning.FULL;
        return new Unusable(
                isFull ? directory + ": the disk is full" : directory + " cannot be written (" + e.getMessage() + ")",
                e);
    }

    private static void release(LockFile lock) {
        try {
            lock.close();
        } catch (IOException e) {
            // The process is about to end anyway.
        }
    }
}
