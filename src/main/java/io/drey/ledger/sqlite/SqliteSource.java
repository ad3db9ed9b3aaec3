// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.tables.Floors;
import io.drey.ledger.tables.Table;
import io.drey.ledger.tables.TableSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** A SQLite ledger that is only read. Its lock file is held meanwhile, so no node can start on it. */
public final class SqliteSource implements TableSource {
    private final LockFile lock;
    private final Path file;
    private final Session session;
    private final TableRows rows;

    private SqliteSource(LockFile lock, Path file, Session session) {
        this.lock = lock;
        this.file = file;
        this.session = session;
        this.rows = new TableRows(session, file.toString());
    }

    /**
     * Opens the database in {@code directory}.
     *
     * @throws Unusable when there is none, a node uses it, or it is damaged, foreign or of another version
     */
    public static SqliteSource open(Path directory) {
        var connections = new Connections(directory);
        Path file = connections.file();
        if (!Files.isRegularFile(file)) {
            throw new Unusable(directory + " holds no database of Drey (" + file.getFileName() + ")", null);
        }
        LockFile lock = LockFile.take(directory);
        Session session = null;
        try {
            String trouble = Header.trouble(file, connections.wal());
            if (trouble != null) {
                throw new Unusable(trouble, null);
            }
            session = connect(connections);
            check(session, file);
            return new SqliteSource(lock, file, session);
        } catch (SQLException | IOException e) {
            release(session, lock);
            throw new Unusable(file + " cannot be read (" + e.getMessage() + ")", e);
        } catch (RuntimeException e) {
            release(session, lock);
            throw e;
        }
    }

    @Override
    public void each(Table table, Visitor visitor) {
        rows.each(table, visitor);
    }

    @Override
    public Floors floors() {
        try {
            return read();
        } catch (SQLException e) {
            throw new Unusable(file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    /** Nothing to look at: nobody else can have had the lock. */
    @Override
    public void confirm() {}

    @Override
    public void close() {
        release(session, lock);
    }

    /**
     * After an orderly stop the file is complete and taken as one that cannot change, for which SQLite makes no other
     * files. After a crash its write-ahead log must be read too.
     */
    private static Session connect(Connections connections) throws SQLException, IOException {
        Path wal = connections.wal();
        if (Files.exists(wal) && Files.size(wal) > 0) {
            return connections.reader();
        }
        String url = "jdbc:sqlite:" + connections.file().toAbsolutePath().toUri() + "?immutable=1";
        return new Session(DriverManager.getConnection(url));
    }

    private static void check(Session session, Path file) throws SQLException {
        long version = Schema.version(session);
        if (version != Schema.newest() || !Schema.isWhole(session)) {
            throw new Unusable(
                    file + " has a schema that is damaged or of another version (" + version + ", this Drey has "
                            + Schema.newest() + "); start and stop this Drey on it once, then copy it",
                    null);
        }
        String found = session.first("pragma quick_check(1)", row -> row.getString(1));
        if (!"ok".equals(found)) {
            throw new Unusable(file + " is damaged (" + found.replace('\n', ' ') + "); restore it from a backup", null);
        }
    }

    private Floors read() throws SQLException {
        long position = session.number("select max(position) from log", 0);
        var numbers = new HashMap<String, Long>();
        session.each("select name, seq from sqlite_sequence", row -> {
            numbers.put(row.getString(1), row.getLong(2));
            return true;
        });
        var epochs = new HashMap<Integer, Long>();
        session.each("select partition, epoch from claim", row -> {
            epochs.put(row.getInt(1), row.getLong(2));
            return true;
        });
        long incarnation = numbers.getOrDefault("incarnation", 0L);
        var ofTables = new HashMap<Table, Long>();
        for (Table table : Table.values()) {
            if (numbers.containsKey(table.label())) {
                ofTables.put(table, numbers.get(table.label()));
            }
        }
        return new Floors(
                Math.max(position, Meta.get(session, Meta.POSITION_FLOOR)),
                session.number("select weight from log where position = ?", 0, position),
                Math.max(
                        session.number("select time from log where position = ?", 0, position),
                        Meta.get(session, Meta.TIME_FLOOR)),
                Meta.get(session, Meta.TRIMMED),
                incarnation,
                ofTables,
                Map.copyOf(epochs));
    }

    private static void release(Session session, LockFile lock) {
        try {
            if (session != null) {
                session.close();
            }
            lock.close();
        } catch (SQLException | IOException e) {
            // It was only read; the end of the process lets go of it.
        }
    }
}
