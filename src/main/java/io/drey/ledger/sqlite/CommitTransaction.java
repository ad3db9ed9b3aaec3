// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Answers.Answer;
import io.drey.ledger.Commit;
import io.drey.ledger.Commit.Guard;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.CommitResult;
import io.drey.ledger.CommitResult.AlreadyAnswered;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.PayloadGone;
import io.drey.ledger.CommitResult.Refused;
import io.drey.ledger.CommitResult.SpaceClosed;
import io.drey.ledger.CommitResult.Stale;
import io.drey.ledger.CommitResult.Together;
import io.drey.ledger.CommitResult.Verdict;
import io.drey.model.Entry;
import io.drey.model.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/**
 * One commit: all that can be refused is refused before the first write of a record's share, and that first write
 * checks the version; so nothing of a refused share needs undoing.
 */
final class CommitTransaction {
    private final Commit commit;
    private final SqliteClaims claims;
    private final Turn turn;
    private final Session session;
    private final Map<Long, OpenSpace> spaces = new HashMap<>(4);

    CommitTransaction(Commit commit, SqliteClaims claims, Turn turn) {
        this.commit = commit;
        this.claims = claims;
        this.turn = turn;
        this.session = turn.session();
    }

    /** Whether it needs room on the disk: only where nothing grows and nothing is made it needs none. */
    static boolean needsRoom(Commit commit) {
        for (RecordCommit record : commit.records()) {
            Entry next = record.next();
            if (next != null
                    && (record.baseVersion() == Entry.PENDING || next.value().size() >= record.baseSize())) {
                return true;
            }
        }
        return false;
    }

    CommitResult run() throws SQLException {
        for (Guard guard : commit.guards()) {
            if (!claims.holds(guard.partition(), guard.epoch())) {
                return refuseAll(0, new Stale());
            }
        }
        var verdicts = new ArrayList<Verdict>(commit.records().size());
        for (RecordCommit record : commit.records()) {
            Verdict verdict = verdict(record);
            if (commit.batch() != null && verdict instanceof Refused refused) {
                return refuseAll(verdicts.size(), refused);
            }
            verdicts.add(verdict);
        }
        var kept = new ArrayList<Boolean>(commit.answers().size());
        for (Answer answer : commit.answers()) {
            boolean isKept = AnswerRows.insert(session, answer, answer.version());
            if (commit.batch() != null && !isKept && !verdicts.isEmpty()) {
                return refuseAll(0, new AlreadyAnswered());
            }
            kept.add(isKept);
        }
        for (OpenSpace space : spaces.values()) {
            if (space != null) {
                space.write(session);
            }
        }
        return new CommitResult(verdicts, kept);
    }

    private CommitResult refuseAll(int guilty, Refused refusal) {
        turn.undo();
        var verdicts =
                new ArrayList<Verdict>(Collections.nCopies(commit.records().size(), (Verdict) new Together()));
        verdicts.set(guilty, refusal);
        return new CommitResult(verdicts, Collections.nCopies(commit.answers().size(), false));
    }

    private Verdict verdict(RecordCommit record) throws SQLException {
        if (!claims.holds(record.partition(), record.epoch())) {
            return new Stale();
        }
        OpenSpace space = space(record.key().space());
        if (space == null) {
            return new SpaceClosed();
        }
        if (isAnswered(record.steps())) {
            return new AlreadyAnswered();
        }
        long nextSize = record.next() == null ? 0 : record.next().value().size();
        int recordsMore = (record.next() == null ? 0 : 1) - (record.baseVersion() == Entry.PENDING ? 0 : 1);
        long bytesMore = nextSize - record.baseSize();
        Refused refusal = isPayloadGone(record) ? new PayloadGone() : space.refusal(recordsMore, bytesMore);
        var change = new RecordChange(turn, record, space.store(), commit.batch());
        if (refusal != null) {
            // Judged by what the caller believes the record to be, so it counts only if that is so.
            return change.isBasePresent() ? refusal : new Stale();
        }
        Committed committed = change.write();
        if (committed == null) {
            return new Stale();
        }
        Step last = record.steps().get(record.steps().size() - 1);
        space.add(recordsMore, bytesMore, last.change().time());
        return committed;
    }

    private OpenSpace space(long number) throws SQLException {
        if (!spaces.containsKey(number)) {
            spaces.put(number, OpenSpace.find(session, number));
        }
        return spaces.get(number);
    }

    private boolean isAnswered(List<Step> steps) throws SQLException {
        HashSet<String> seen = null;
        for (Step step : steps) {
            Answer answer = step.answer();
            if (answer != null) {
                seen = seen == null ? new HashSet<>() : seen;
                if (!seen.add(answer.account() + "/" + answer.part() + "/" + answer.key())
                        || AnswerRows.exists(session, answer)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isPayloadGone(RecordCommit record) throws SQLException {
        if (record.next() != null && isGone(record.next().value())) {
            return true;
        }
        for (Step step : record.steps()) {
            Entry entry = step.change().entry();
            if (entry != null && isGone(entry.value())) {
                return true;
            }
        }
        return false;
    }

    private boolean isGone(Value value) throws SQLException {
        return value instanceof Value.Stored stored && !PayloadRows.hasSize(session, stored.id(), stored.size());
    }
}
