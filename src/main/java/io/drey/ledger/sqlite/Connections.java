// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import org.sqlite.SQLiteConfig;

/** Makes the connections, each with the settings of its role. */
final class Connections {
    static final String FILE = "drey.db";

    static final int BUSY_MILLIS = 5_000;
    private static final long WAL_BYTES_KEPT = 64L << 20;

    private final Path file;

    Connections(Path directory) {
        this.file = directory.resolve(FILE);
    }

    Path file() {
        return file;
    }

    /** The file of the write-ahead log. */
    Path wal() {
        return file.resolveSibling(FILE + "-wal");
    }

    /**
     * A connection that writes. The settings that a file keeps for life come first: they hold only if set before the
     * first page is written, and the application id must be in the file itself before a write-ahead log exists.
     */
    Session writer(boolean isNew) throws SQLException {
        if (isNew) {
            open(false, "pragma page_size = 4096", "pragma auto_vacuum = incremental", Schema.SET_APPLICATION_ID)
                    .close();
        }
        return open(
                false,
                "pragma journal_mode = wal",
                "pragma wal_autocheckpoint = 0",
                "pragma journal_size_limit = " + WAL_BYTES_KEPT,
                "pragma synchronous = full",
                "pragma foreign_keys = off",
                "pragma temp_store = memory",
                "pragma cache_size = -32768",
                "pragma mmap_size = 0");
    }

    Session checkpointer() throws SQLException {
        return open(false, "pragma wal_autocheckpoint = 0", "pragma synchronous = full", "pragma busy_timeout = 0");
    }

    Session reader() throws SQLException {
        return open(
                true,
                "pragma query_only = on",
                "pragma temp_store = memory",
                "pragma cache_size = -8192",
                "pragma mmap_size = 0");
    }

    private Session open(boolean readOnly, String... pragmas) throws SQLException {
        var config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(BUSY_MILLIS);
        // The driver would otherwise look at each statement by pattern and ask for the last row id after each insert.
        config.setGetGeneratedKeys(false);
        var connection = config.createConnection("jdbc:sqlite:" + file);
        try (Statement statement = connection.createStatement()) {
            for (String pragma : pragmas) {
                statement.execute(pragma);
            }
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        return new Session(connection);
    }
}
