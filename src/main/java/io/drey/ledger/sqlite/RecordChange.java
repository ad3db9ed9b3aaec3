// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.Payloads;
import io.drey.ledger.sqlite.RecordRows.Placed;
import io.drey.ledger.sqlite.RecordRows.State;
import io.drey.ledger.sqlite.Tombstones.Tombstone;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import java.sql.SQLException;

/** One record's share of a commit: its row, its log rows, its tombstone and its answers. */
final class RecordChange {
    private final Turn turn;
    private final Session session;
    private final RecordCommit record;
    private final RecordKey key;
    private final long store;
    private final String batch;
    private final Placing placing;
    private final boolean wasPresent;
    private final long lastPosition;

    RecordChange(Turn turn, RecordCommit record, long store, String batch) {
        this.turn = turn;
        this.session = turn.session();
        this.record = record;
        this.key = record.key();
        this.store = store;
        this.batch = batch;
        this.placing = new Placing(turn);
        this.wasPresent = record.baseVersion() != Entry.PENDING;
        this.lastPosition = turn.position() + record.steps().size();
    }

    /** Whether the record is still what the first step began at. */
    boolean isBasePresent() throws SQLException {
        State state = RecordRows.state(session, key);
        return wasPresent ? isBase(state) : state == null;
    }

    /** Null when the record is not what the first step began at; then nothing was written. */
    Committed write() throws SQLException {
        if (needsLook() && !isBasePresent()) {
            return null;
        }
        Placed placed =
                record.next() == null ? null : placing.place(record.next().value());
        if (!writeRecord(placed)) {
            return null;
        }
        long firstPosition = turn.position() + 1;
        writeLog(moveTombstone());
        placing.writeReferences();
        return new Committed(firstPosition, placed == null ? null : placed.value());
    }

    /** Large values are written before the record that names them, so the version is looked at before that. */
    private boolean needsLook() {
        if (record.next() != null && Placing.isLarge(record.next().value())) {
            return true;
        }
        return !wasPresent && record.next() == null;
    }

    private boolean writeRecord(Placed placed) throws SQLException {
        Entry next = record.next() == null ? null : record.next().withVersion(lastPosition);
        if (!wasPresent) {
            return next == null || RecordRows.insert(session, key, next, placed);
        }
        // Most values are small and inline, so one statement does it; a payload must be known to be released.
        var base = new State(record.baseVersion(), record.baseSize(), null);
        if (record.baseSize() <= Payloads.INLINE_BYTES_MAX && replace(next, placed, base)) {
            return true;
        }
        State state = RecordRows.state(session, key);
        if (!isBase(state) || !replace(next, placed, state)) {
            return false;
        }
        if (state.payload() != null) {
            placing.release(state.payload());
        }
        return true;
    }

    private boolean replace(Entry next, Placed placed, State base) throws SQLException {
        return next == null
                ? RecordRows.delete(session, key, base)
                : RecordRows.update(session, key, next, placed, base);
    }

    private boolean isBase(State state) {
        return state != null && state.version() == record.baseVersion() && state.size() == record.baseSize();
    }

    /** Answers the position of the key's newest log row, 0 for none. */
    private long moveTombstone() throws SQLException {
        Tombstone before = wasPresent ? null : Tombstones.find(session, key.space(), key.bytes());
        if (record.next() == null) {
            Tombstones.put(session, key.space(), key.bytes(), new Tombstone(lastPosition, false));
        } else if (before != null) {
            Tombstones.remove(session, key.space(), key.bytes());
        }
        if (wasPresent) {
            return record.baseVersion();
        }
        return before == null ? 0 : before.position();
    }

    private void writeLog(long newest) throws SQLException {
        long prior = newest;
        long previous = record.baseVersion();
        for (Step step : record.steps()) {
            Entry entry = step.change().entry();
            Placed placed = entry == null ? null : placing.place(entry.value());
            long position = LogRows.append(turn, draft(step, previous, prior, placed), placed);
            if (step.answer() != null) {
                AnswerRows.insert(session, step.answer(), position);
            }
            previous = entry == null ? 0 : position;
            prior = position;
        }
    }

    private LogRow draft(Step step, long previous, long prior, Placed placed) {
        Change change = step.change();
        var entry = new LogEntry(
                0,
                store,
                key.bytes(),
                kind(change),
                change.operation(),
                change.time(),
                previous,
                placed == null ? -1 : placed.size(),
                placed == null ? null : change.entry().contentType(),
                null,
                batch,
                0);
        return new LogRow(entry, key.space(), prior, placed == null ? null : placed.payload(), step.operationId(), 0);
    }

    private static Kind kind(Change change) {
        // Java 17 has no switch over sealed types yet.
        if (change instanceof Change.Created) {
            return Kind.CREATED;
        }
        if (change instanceof Change.Updated) {
            return Kind.UPDATED;
        }
        return change instanceof Change.Deleted ? Kind.DELETED : Kind.EXPIRED;
    }
}
