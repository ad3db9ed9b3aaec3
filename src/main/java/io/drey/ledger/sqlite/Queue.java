// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What waits for the writer: commits first, but never so that the background starves. */
final class Queue {
    /** So many commits in a row pass what waits in the background. */
    private static final int COMMITS_IN_A_ROW = 8;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Job<?>> commits = new ArrayDeque<>();
    private final ArrayDeque<Job<?>> background = new ArrayDeque<>();
    private boolean closed;
    private int inARow;

    /** Answers false when the queue is closed. */
    boolean add(Job<?> job, boolean isCommit) {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            (isCommit ? commits : background).add(job);
            changed.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** The next job, null when none came within the time or the queue is closed and empty. */
    Job<?> take(long millis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (commits.isEmpty() && background.isEmpty()) {
                if (closed || nanos <= 0) {
                    return null;
                }
                nanos = changed.awaitNanos(nanos);
            }
            return next();
        } finally {
            lock.unlock();
        }
    }

    boolean isDone() {
        lock.lock();
        try {
            return closed && commits.isEmpty() && background.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /** Takes nothing more; what is in it is still handed out. */
    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Job<?> next() {
        if (background.isEmpty() || !commits.isEmpty() && inARow < COMMITS_IN_A_ROW) {
            inARow++;
            return commits.poll();
        }
        inARow = 0;
        return background.poll();
    }
}
