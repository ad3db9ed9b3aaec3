// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Answers;
import io.drey.ledger.ChangeLog;
import io.drey.ledger.Claims;
import io.drey.ledger.Directory;
import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerStatus;
import io.drey.ledger.Marks;
import io.drey.ledger.Payloads;
import io.drey.ledger.Records;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.atomic.AtomicLong;

/** The parts of a ledger in one PostgreSQL database, put together. */
final class PostgresLedger implements Ledger {
    private static final String USED = "select coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint"
            + " from pg_class c where c.relnamespace = to_regnamespace('drey') and c.relkind = 'r'";
    private static final long USED_EVERY_NANOS = 30_000_000_000L;

    private final Database database;
    private final PostgresClaims claims;
    private final PostgresMarks marks;
    private final PostgresRecords records;
    private final PostgresPayloads payloads;
    private final PostgresChangeLog log;
    private final PostgresAnswers answers;
    private final PostgresDirectory directory;
    private final AtomicLong usedAt = new AtomicLong(System.nanoTime());
    private volatile long usedBytes;

    PostgresLedger(Database database, Durability durability) {
        this.database = database;
        this.claims = new PostgresClaims(database);
        this.marks = new PostgresMarks(database);
        this.payloads = new PostgresPayloads(database);
        this.records = new PostgresRecords(database, payloads, durability);
        this.log = new PostgresChangeLog(database);
        this.answers = new PostgresAnswers(database);
        this.directory = new PostgresDirectory(database);
        database.start();
        measure();
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public Claims claims() {
        return claims;
    }

    @Override
    public Marks marks() {
        return marks;
    }

    @Override
    public Records records() {
        return records;
    }

    @Override
    public Payloads payloads() {
        return payloads;
    }

    @Override
    public ChangeLog log() {
        return log;
    }

    @Override
    public Answers answers() {
        return answers;
    }

    @Override
    public Directory directory() {
        return directory;
    }

    @Override
    public long now() {
        return database.now();
    }

    /** What is used was measured half a minute ago at most, or when somebody asked last. */
    @Override
    public LedgerStatus status() {
        long measured = usedAt.get();
        long now = System.nanoTime();
        if (now - measured > USED_EVERY_NANOS && usedAt.compareAndSet(measured, now)) {
            measure();
        }
        String trouble = database.trouble();
        boolean isFull = database.isFull();
        return new LedgerStatus(
                "postgresql",
                trouble == null,
                isFull,
                usedBytes,
                trouble == null && isFull ? "the disk of the database is full" : trouble);
    }

    @Override
    public void close() {
        database.close();
    }

    /** The connections, for tests that cut them. */
    Database database() {
        return database;
    }

    private void measure() {
        database.page(
                USED, Tuple.tuple(), rows -> usedBytes = rows.iterator().next().getLong(0));
    }
}
