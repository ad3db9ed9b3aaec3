// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.util.ArrayList;
import java.util.List;

/** One transaction of the writer: its connection, the log's end as it moves, and what to do once it is committed. */
final class Turn {
    private final Session session;
    private final long now;
    private final long startPosition;
    private final long startWeight;
    private final List<Runnable> afterCommit = new ArrayList<>();
    private long position;
    private long weight;
    private boolean undone;

    Turn(Session session, long now, long position, long weight) {
        this.session = session;
        this.now = now;
        this.startPosition = position;
        this.startWeight = weight;
        this.position = position;
        this.weight = weight;
    }

    Session session() {
        return session;
    }

    /** Milliseconds, the same throughout the transaction. */
    long now() {
        return now;
    }

    /** The last position given. */
    long position() {
        return position;
    }

    /** Running total of bytes in the log. */
    long weight() {
        return weight;
    }

    /** Gives the next position to a row of so many bytes. */
    long advance(long bytes) {
        weight += bytes;
        return ++position;
    }

    /** Makes the transaction end by rollback, though its result is good. */
    void undo() {
        undone = true;
        position = startPosition;
        weight = startWeight;
        afterCommit.clear();
    }

    boolean isUndone() {
        return undone;
    }

    void afterCommit(Runnable action) {
        afterCommit.add(action);
    }

    void committed() {
        afterCommit.forEach(Runnable::run);
    }

    /** About how much this writes, for the checkpoints. */
    long estimatedBytes() {
        return 16_384 + 8_192 * (position - startPosition) + 2 * (weight - startWeight);
    }
}
