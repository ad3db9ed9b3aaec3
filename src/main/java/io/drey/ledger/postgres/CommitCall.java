// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Answers.Answer;
import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.Commit;
import io.drey.ledger.Commit.Guard;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.Value;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A commit as the arrays that {@code drey.commit_records} takes, an element for each step, each answer and each guard.
 * The bytes of a record are sent once: its state after the last step is what that step says.
 */
final class CommitCall {
    static final String SQL;

    static {
        var sql = new StringBuilder("select * from drey.commit_records($1");
        for (int i = 2; i <= 37; i++) {
            sql.append(",$").append(i);
        }
        SQL = sql.append(')').toString();
    }

    private final Commit commit;
    private final LargeValues large;
    private final int steps;
    private final Integer[] number;
    private final Integer[] index;
    private final Boolean[] last;
    private final Long[] space;
    private final Buffer[] key;
    private final Integer[] partition;
    private final Long[] epoch;
    private final Long[] base;
    private final Long[] baseSize;
    private final Boolean[] repeated;
    private final Integer[] kind;
    private final String[] operation;
    private final Long[] time;
    private final Long[] size;
    private final String[] type;
    private final Long[] payload;
    private final Buffer[] value;
    private final Long[] operationId;
    private final Long[] created;
    private final Long[] modified;
    private final Long[] expires;
    private final List<Answer> answers = new ArrayList<>(0);
    private final List<Integer> answerSteps = new ArrayList<>(0);
    private final HashSet<List<Object>> answered = new HashSet<>(0);
    private boolean isOrdered;
    private boolean deletes;
    private boolean payloads;

    CommitCall(Commit commit, LargeValues large) {
        this.commit = commit;
        this.large = large;
        this.steps = commit.records().stream()
                .mapToInt(record -> record.steps().size())
                .sum();
        number = new Integer[steps];
        index = new Integer[steps];
        last = new Boolean[steps];
        space = new Long[steps];
        key = new Buffer[steps];
        partition = new Integer[steps];
        epoch = new Long[steps];
        base = new Long[steps];
        baseSize = new Long[steps];
        repeated = new Boolean[steps];
        kind = new Integer[steps];
        operation = new String[steps];
        time = new Long[steps];
        size = new Long[steps];
        type = new String[steps];
        payload = new Long[steps];
        value = new Buffer[steps];
        operationId = new Long[steps];
        created = new Long[steps];
        modified = new Long[steps];
        expires = new Long[steps];
        int at = 0;
        for (int i = 0; i < commit.records().size(); i++) {
            at = addRecord(commit.records().get(i), i + 1, at);
        }
        for (Answer answer : commit.answers()) {
            addAnswer(answer, 0);
        }
    }

    /** {@code lazy}: need not be on the disk when it is answered. */
    Tuple values(String server, boolean lazy) {
        var values = Tuple.tuple();
        values.addValue(server).addValue(lazy).addValue(isOrdered).addValue(commit.batch());
        values.addValue(number).addValue(index).addValue(last).addValue(space).addValue(key);
        values.addValue(partition)
                .addValue(epoch)
                .addValue(base)
                .addValue(baseSize)
                .addValue(repeated);
        values.addValue(kind).addValue(operation).addValue(time).addValue(size).addValue(type);
        values.addValue(payload).addValue(value).addValue(operationId);
        values.addValue(created).addValue(modified).addValue(expires);
        values.addValue(deletes).addValue(payloads);
        values.addValue(answerSteps.toArray(Integer[]::new));
        values.addValue(answers.stream().map(Answer::account).toArray(Long[]::new));
        values.addValue(answers.stream().map(Answer::key).toArray(String[]::new));
        values.addValue(answers.stream().map(Answer::part).toArray(Integer[]::new));
        values.addValue(
                answers.stream().map(answer -> buffer(answer.fingerprint())).toArray(Buffer[]::new));
        values.addValue(answers.stream().map(Answer::version).toArray(Long[]::new));
        values.addValue(answers.stream().map(answer -> buffer(answer.content())).toArray(Buffer[]::new));
        values.addValue(answers.stream().map(Answer::createdAt).toArray(Long[]::new));
        values.addValue(commit.guards().stream().map(Guard::partition).toArray(Integer[]::new));
        values.addValue(commit.guards().stream().map(Guard::epoch).toArray(Long[]::new));
        return values;
    }

    private int addRecord(RecordCommit record, int recordNumber, int from) {
        Buffer keyBytes = Buffer.buffer(record.key().bytes());
        boolean repeats = repeats(record.steps());
        int count = record.steps().size();
        for (int i = 0; i < count; i++) {
            int at = from + i;
            Step step = record.steps().get(i);
            number[at] = recordNumber;
            index[at] = i;
            last[at] = i == count - 1;
            space[at] = record.key().space();
            key[at] = keyBytes;
            partition[at] = record.partition();
            epoch[at] = record.epoch();
            base[at] = record.baseVersion();
            baseSize[at] = record.baseSize();
            repeated[at] = repeats;
            kind[at] = kind(step.change()).ordinal();
            operation[at] = step.change().operation();
            time[at] = step.change().time();
            operationId[at] = step.operationId();
            boolean isState = last[at] && record.next() != null;
            addEntry(at, isState ? record.next() : step.change().entry());
            if (step.answer() != null) {
                addAnswer(step.answer(), at + 1);
            }
        }
        deletes |= record.next() == null;
        return from + count;
    }

    private void addEntry(int at, Entry entry) {
        if (entry == null) {
            size[at] = -1L;
            return;
        }
        size[at] = entry.value().size();
        type[at] = entry.contentType();
        created[at] = entry.createdAt();
        modified[at] = entry.modifiedAt();
        expires[at] = entry.expiresAt() == Entry.NEVER ? null : entry.expiresAt();
        Value placed = large.placed(entry.value());
        if (placed instanceof Value.Stored stored) {
            payload[at] = stored.id();
            payloads = true;
        } else {
            value[at] = Buffer.buffer(((Value.Inline) placed).bytes());
        }
    }

    private void addAnswer(Answer answer, int step) {
        answers.add(answer);
        answerSteps.add(step);
        // Which of two comes first matters only between records; answers without a change are kept one by one anyway.
        isOrdered |= !answered.add(identity(answer)) && (step > 0 || commit.batch() != null);
    }

    private static boolean repeats(List<Step> steps) {
        var seen = new HashSet<List<Object>>(0);
        return steps.stream().anyMatch(step -> step.answer() != null && !seen.add(identity(step.answer())));
    }

    private static List<Object> identity(Answer answer) {
        return List.of(answer.account(), answer.key(), answer.part());
    }

    private static Buffer buffer(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
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
