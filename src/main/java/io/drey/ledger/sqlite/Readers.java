// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** Threads that read, each with a connection of its own; every read sees one instant. */
final class Readers {
    private final Health health;
    private final Failures failures;
    private final List<Session> sessions = new ArrayList<>();
    private final ConcurrentLinkedQueue<Session> free = new ConcurrentLinkedQueue<>();
    private final ExecutorService threads;

    Readers(Connections connections, int count, Health health, Failures failures) throws SQLException {
        this.health = health;
        this.failures = failures;
        for (int i = 0; i < count; i++) {
            sessions.add(connections.reader());
        }
        free.addAll(sessions);
        var number = new int[1];
        this.threads = Executors.newFixedThreadPool(count, task -> {
            var thread = new Thread(task, "drey-ledger-reader-" + number[0]++);
            thread.setDaemon(true);
            return thread;
        });
    }

    <T> CompletionStage<T> read(Read<T> read) {
        var stage = new CompletableFuture<T>();
        var refusal = health.refusal();
        if (refusal != null) {
            stage.completeExceptionally(refusal);
            return stage;
        }
        try {
            threads.execute(() -> run(read, stage));
        } catch (RejectedExecutionException e) {
            stage.completeExceptionally(new LedgerException.Unavailable("the ledger is closed", e));
        }
        return stage;
    }

    /** Finishes what is queued and ends the threads. */
    void stop() throws InterruptedException {
        threads.shutdown();
        while (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
            // Reads are short; one that is not ends with its disk.
        }
    }

    void closeSessions() throws SQLException {
        for (Session session : sessions) {
            session.close();
        }
    }

    private <T> void run(Read<T> read, CompletableFuture<T> stage) {
        // As many sessions as threads, so one is always free.
        Session session = free.remove();
        T result;
        try {
            result = snapshot(session, read);
        } catch (SQLException e) {
            stage.completeExceptionally(failure(e));
            return;
        } catch (LedgerException e) {
            stage.completeExceptionally(e);
            return;
        } catch (RuntimeException | Error e) {
            // Whatever it is, the caller must hear of it.
            stage.completeExceptionally(new LedgerException.Unavailable("the ledger failed: " + e, e));
            return;
        } finally {
            free.add(session);
        }
        stage.complete(result);
    }

    private <T> T snapshot(Session session, Read<T> read) throws SQLException {
        if (health.isBroken()) {
            throw health.refusal();
        }
        session.run("begin");
        try {
            return read.from(session);
        } finally {
            session.run("rollback");
        }
    }

    private LedgerException failure(SQLException e) {
        return switch (failures.meaning(e)) {
            case BROKEN -> {
                health.breakDown(failures.words(e));
                yield new LedgerException.Unavailable(health.trouble(), e);
            }
            case FULL, PASSING -> new LedgerException.Unavailable("the database could not be read", e);
        };
    }

    /** Reads something at one instant. */
    interface Read<T> {
        T from(Session session) throws SQLException;
    }
}
