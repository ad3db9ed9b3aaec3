// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;

/**
 * Copies the write-ahead log back into the file on a thread of its own, when much was written or when it is quiet, so
 * that no commit waits for it. Only where the log grows all the same is the writer asked to do it.
 */
final class Checkpoints {
    private static final long TICK_MILLIS = 100;
    private static final int QUIET_TICKS = 10;
    private static final long WAL_BYTES_MAX = 256L << 20;

    private final Session session;
    private final Path wal;
    private final Writer writer;
    private final Health health;
    private final Failures failures;
    private final Thread thread = new Thread(this::work, "drey-ledger-checkpoint");
    private volatile boolean stopped;
    private final long manyBytes;
    private long copied;

    /** {@code manyBytes}: about how much is written between two checkpoints while it is not quiet. */
    Checkpoints(Session session, Path wal, Writer writer, Health health, Failures failures, long manyBytes) {
        this.session = session;
        this.wal = wal;
        this.writer = writer;
        this.health = health;
        this.failures = failures;
        this.manyBytes = manyBytes;
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    void stop() throws InterruptedException {
        stopped = true;
        thread.interrupt();
        thread.join();
    }

    void closeSession() throws SQLException {
        session.close();
    }

    private void work() {
        long before = writer.writtenBytes();
        int quietTicks = 0;
        while (!stopped) {
            try {
                Thread.sleep(TICK_MILLIS);
            } catch (InterruptedException e) {
                return;
            }
            long written = writer.writtenBytes();
            quietTicks = written == before ? quietTicks + 1 : 0;
            before = written;
            if (!health.isBroken() && written > copied && (quietTicks >= QUIET_TICKS || written - copied > manyBytes)) {
                copied = written;
                checkpoint();
            }
        }
    }

    private void checkpoint() {
        try {
            session.run("pragma wal_checkpoint(passive)");
            if (Files.exists(wal) && Files.size(wal) > WAL_BYTES_MAX) {
                writer.checkpointSoon();
            }
        } catch (SQLException e) {
            // A full disk shows in the next commit; the log keeps what could not be copied.
            if (failures.meaning(e) == Failures.Meaning.BROKEN) {
                health.breakDown(failures.words(e));
            }
        } catch (IOException e) {
            // The size is looked at again at the next tick.
        }
    }
}
