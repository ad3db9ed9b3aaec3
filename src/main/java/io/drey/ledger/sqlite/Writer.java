// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException;
import io.drey.ledger.sqlite.Job.Sync;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The one thread that writes, a transaction for each job. Its stages complete on it. */
final class Writer {
    private static final long IDLE_MILLIS = 1_000;

    private final Session session;
    private final Health health;
    private final Failures failures;
    private final Room room;
    private final Clock clock;
    private final Sync sync;
    private final Queue queue = new Queue();
    private final Thread thread = new Thread(this::work, "drey-ledger-writer");
    private Sync presentSync = Sync.FULL;
    private volatile long position;
    private long weight;
    private volatile long writtenBytes;
    private volatile boolean checkpointWanted;

    Writer(Session session, Health health, Failures failures, Room room, Clock clock, Sync sync, LogEnd end) {
        this.session = session;
        this.health = health;
        this.failures = failures;
        this.room = room;
        this.clock = clock;
        this.sync = sync;
        this.position = end.position();
        this.weight = end.weight();
    }

    void start() {
        thread.setDaemon(true);
        thread.start();
    }

    /** Queues what somebody waits for. */
    <T> CompletionStage<T> commit(boolean needsRoom, Job.Work<T> work) {
        return queue(new Job<>(work, needsRoom, sync, new CompletableFuture<>()), true);
    }

    /** Queues what must be on the disk whatever the durability. */
    <T> CompletionStage<T> claim(Job.Work<T> work) {
        return queue(new Job<>(work, false, Sync.FULL, new CompletableFuture<>()), true);
    }

    /** Queues what may wait behind commits and is made durable by the next of them. */
    <T> CompletionStage<T> background(boolean needsRoom, Job.Work<T> work) {
        return queue(new Job<>(work, needsRoom, Sync.NORMAL, new CompletableFuture<>()), false);
    }

    long position() {
        return position;
    }

    /** About how many bytes were written since the start. */
    long writtenBytes() {
        return writtenBytes;
    }

    /** Has the writer copy the write-ahead log back before its next job. */
    void checkpointSoon() {
        checkpointWanted = true;
    }

    /** Finishes what is queued and ends the thread; the session stays open. */
    void stop() throws InterruptedException {
        queue.close();
        thread.join();
    }

    private <T> CompletionStage<T> queue(Job<T> job, boolean isCommit) {
        var refusal = health.refusal();
        if (refusal != null) {
            job.fail(refusal);
        } else if (!queue.add(job, isCommit)) {
            job.fail(new LedgerException.Unavailable("the ledger is closed", null));
        }
        return job.stage();
    }

    private void work() {
        while (!queue.isDone()) {
            try {
                Job<?> job = queue.take(IDLE_MILLIS);
                room.heal(session);
                checkpoint();
                if (job != null) {
                    take(job);
                }
            } catch (InterruptedException e) {
                // Nobody but close() ends this thread.
            }
        }
    }

    private void checkpoint() {
        if (checkpointWanted && !health.isBroken()) {
            checkpointWanted = false;
            try {
                session.run("pragma wal_checkpoint(passive)");
            } catch (SQLException e) {
                noteFailure(e);
            }
        }
    }

    private <T> void take(Job<T> job) {
        if (health.isBroken()) {
            job.fail(health.refusal());
        } else if (job.needsRoom() && health.isFull()) {
            job.fail(full(null));
        } else {
            attempt(job, health.isFull() ? 1 : 2, false);
        }
    }

    /**
     * Without room there are more tries: one after the write-ahead log was copied back, so that it can begin anew in
     * its own room; then, for what only removes, one with the room of the reserve.
     *
     * @param tries how many more may follow
     * @param doubtful whether a try before failed in its commit
     */
    private <T> void attempt(Job<T> job, int tries, boolean doubtful) {
        boolean committing = false;
        T result;
        try {
            setSync(job.sync());
            session.run("begin immediate");
            var turn = new Turn(session, clock.now(), position, weight);
            result = job.work().run(turn);
            committing = !turn.isUndone();
            session.run(committing ? "commit" : "rollback");
            if (committing) {
                position = turn.position();
                weight = turn.weight();
                writtenBytes += turn.estimatedBytes();
                turn.committed();
            }
        } catch (SQLException e) {
            fail(job, e, tries, doubtful || committing);
            return;
        } catch (LedgerException e) {
            rollBack();
            job.fail(e);
            return;
        } catch (RuntimeException | Error e) {
            // Whatever it is, this thread must go on and the caller must hear of it.
            boolean settled = rollBack();
            settle(job, settled, doubtful || committing, new LedgerException.Unavailable("the ledger failed: " + e, e));
            return;
        }
        complete(job, result);
        if (committing) {
            keepRoom();
        }
    }

    private void keepRoom() {
        try {
            room.keep(session);
        } catch (SQLException e) {
            noteFailure(e);
        }
    }

    private <T> void complete(Job<T> job, T result) {
        // Dependents run here. What they throw goes into their own stages, never into this thread.
        job.stage().complete(result);
    }

    private <T> void fail(Job<T> job, SQLException e, int tries, boolean doubtful) {
        boolean settled = rollBack();
        switch (failures.meaning(e)) {
            case BROKEN -> {
                health.breakDown(failures.words(e));
                job.fail(lost(doubtful, e));
            }
            case FULL -> {
                makeRoom(tries);
                if (settled && (tries == 2 || tries == 1 && !job.needsRoom())) {
                    attempt(job, tries - 1, doubtful);
                } else {
                    settle(job, settled, doubtful, full(e));
                }
            }
            case PASSING ->
                settle(
                        job,
                        settled,
                        doubtful,
                        new LedgerException.Unavailable("the database did not answer in time or at all", e));
        }
    }

    /** Fails the job for certain where it is certain. */
    private void settle(Job<?> job, boolean settled, boolean doubtful, LedgerException failure) {
        boolean certain = settled && (!doubtful || isSealed());
        job.fail(certain ? failure : lost(doubtful, failure));
    }

    private LedgerException lost(boolean committing, Exception e) {
        health.breakDown("a commit of the database failed in its middle; start this node again");
        return committing
                ? new LedgerException.Unknown("whether it was written is not known: " + health.trouble(), e)
                : new LedgerException.Unavailable(health.trouble(), e);
    }

    /**
     * A commit that failed may have left its last frame whole in the write-ahead log, where a restart would find it and
     * take it for done. Any later commit overwrites that place; only when one has succeeded is the failure certain.
     */
    private boolean isSealed() {
        try {
            session.run("begin immediate");
            session.update(Meta.PUT, Meta.SEAL, clock.now());
            session.run("commit");
            return true;
        } catch (SQLException e) {
            rollBack();
            return false;
        }
    }

    /** Answers whether no transaction is open any more. */
    private boolean rollBack() {
        try {
            session.run("rollback");
            return true;
        } catch (SQLException e) {
            // SQLite may have rolled back by itself; then there is nothing to roll back and this is the error.
            return String.valueOf(e.getMessage()).contains("no transaction is active");
        }
    }

    private void setSync(Sync wanted) throws SQLException {
        if (presentSync != wanted) {
            session.run(wanted.pragma());
            presentSync = wanted;
        }
    }

    private void noteFailure(SQLException e) {
        switch (failures.meaning(e)) {
            case BROKEN -> health.breakDown(failures.words(e));
            case FULL -> makeRoom(0);
            case PASSING -> {}
        }
    }

    /** First within what the log has, then with the reserve. */
    private void makeRoom(int tries) {
        try {
            if (tries == 2) {
                room.copy(session);
            } else {
                room.fill(session);
            }
        } catch (SQLException e) {
            if (failures.meaning(e) == Failures.Meaning.BROKEN) {
                health.breakDown(failures.words(e));
            }
        }
    }

    private static LedgerException full(Throwable cause) {
        return new LedgerException.Full("the disk is full", cause);
    }

    /** Where the log ends. */
    record LogEnd(long position, long weight, long time) {}
}
