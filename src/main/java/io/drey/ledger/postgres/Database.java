// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException.Full;
import io.drey.ledger.LedgerException.Unavailable;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The connections, by what waits for them. Every stage completes on the event loop of the ledger and fails with a {@link
 * io.drey.ledger.LedgerException} alone. What is awaited is never behind what is not: each kind has connections of its
 * own. Any thread.
 */
final class Database {
    private static final int READ_CONNECTIONS = 2;
    private static final long TICK_MILLIS = 100;
    private static final long CLOSE_MILLIS_MAX = 6_000;

    private final Vertx vertx;
    private final Context context;
    private final Greeting greeting;
    private final ServerClock clock;
    private final Links reads;
    private final Links pages;
    private final Links commits;
    private final Links writes;
    private final Links renewals;
    private final Links uploads;
    private final Links backgrounds;
    private final List<Links> all;
    private volatile boolean full;
    private volatile boolean closed;

    Database(Vertx vertx, Context context, Connector connector, Greeting greeting, ServerClock clock, int readers) {
        this.vertx = vertx;
        this.context = context;
        this.greeting = greeting;
        this.clock = clock;
        this.reads = new Links(READ_CONNECTIONS, context, Manner.READ, connector);
        this.pages = new Links(readers, context, Manner.PAGE, connector);
        this.commits = new Links(1, context, Manner.COMMIT, connector);
        this.writes = new Links(1, context, Manner.WRITE, connector);
        this.renewals = new Links(1, context, Manner.RENEW, connector);
        this.uploads = new Links(1, context, Manner.UPLOAD, connector);
        this.backgrounds = new Links(1, context, Manner.BACKGROUND, connector);
        this.all = List.of(reads, pages, commits, writes, renewals, uploads, backgrounds);
    }

    void start() {
        context.runOnContext(nothing -> {
            all.forEach(Links::connect);
            vertx.setPeriodic(TICK_MILLIS, timer -> all.forEach(links -> links.tick(System.nanoTime())));
        });
    }

    /** Short reads, pipelined over a few connections. */
    <T> CompletionStage<T> read(String sql, Tuple values, Function<RowSet<Row>, T> result) {
        return call(reads, sql, values, null, result);
    }

    /** Listings, exports and what sweeps look up, apart from what is read and committed meanwhile. */
    <T> CompletionStage<T> page(String sql, Tuple values, Function<RowSet<Row>, T> result) {
        return call(pages, sql, values, null, result);
    }

    /**
     * One statement, which is one transaction: a call of a function that takes the turn. Fails with Unavailable when it
     * certainly did not happen, with Unknown when its answer was lost.
     */
    <T> CompletionStage<T> write(String sql, Tuple values, Function<RowSet<Row>, T> result) {
        return change(writes, sql, values, result);
    }

    /** Like {@link #write}, for chunks of large values, which wait for no turn. */
    <T> CompletionStage<T> upload(String sql, Tuple values, Function<RowSet<Row>, T> result) {
        return change(uploads, sql, values, result);
    }

    /** Like {@link #write}, for what nobody waits for and what may take longer: sweeps and counters. */
    <T> CompletionStage<T> background(String sql, Tuple values, Function<RowSet<Row>, T> result) {
        return change(backgrounds, sql, values, result);
    }

    /** Like {@link #write}, for commits of records alone. */
    <T> CompletionStage<T> commit(String sql, Tuple values, Function<RowSet<Row>, T> result) {
        CompletionStage<T> stage = change(commits, sql, values, result);
        stage.whenComplete((done, failure) -> full = failure != null && (full || failure instanceof Full));
        return stage;
    }

    /** For renewals alone, which wait for no turn. */
    <T> CompletionStage<T> renew(String sql, Tuple values, Function<RowSet<Row>, T> result) {
        return change(renewals, sql, values, result);
    }

    /** The server that this ledger works with: the first parameter of every function that writes. */
    String server() {
        return greeting.server();
    }

    /** Whether it is too new for anything to be claimed; to be asked after {@link #server}. */
    boolean isQuiet() {
        return greeting.isQuiet();
    }

    long now() {
        return clock.now();
    }

    ServerClock clock() {
        return clock;
    }

    /** Why reads or commits cannot succeed, null when they can. */
    String trouble() {
        if (closed) {
            return "the ledger is closed";
        }
        String trouble = commits.trouble();
        return trouble == null ? reads.trouble() : trouble;
    }

    /** Whether the last commit that told anything of it found the disk full. */
    boolean isFull() {
        return full;
    }

    /** Lets what is under way end, for some seconds at most. Blocks. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        long deadline = System.nanoTime() + CLOSE_MILLIS_MAX * 1_000_000;
        var done = new CountDownLatch(1);
        context.runOnContext(nothing -> closeWhenIdle(deadline, done));
        try {
            done.await(CLOSE_MILLIS_MAX * 2, TimeUnit.MILLISECONDS);
            vertx.close().toCompletionStage().toCompletableFuture().get(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            // Its threads are daemons; nothing is left to be saved.
        }
    }

    private void closeWhenIdle(long deadline, CountDownLatch done) {
        if (all.stream().allMatch(Links::isIdle) || System.nanoTime() - deadline > 0) {
            all.forEach(Links::close);
            done.countDown();
        } else {
            vertx.setTimer(5, timer -> closeWhenIdle(deadline, done));
        }
    }

    private <T> CompletionStage<T> change(Links links, String sql, Tuple values, Function<RowSet<Row>, T> result) {
        return call(links, sql, values, values.getString(0), result);
    }

    private <T> CompletionStage<T> call(
            Links links, String sql, Tuple values, String server, Function<RowSet<Row>, T> result) {
        if (closed) {
            return closed();
        }
        var call = new Call<>(sql, values, server, result);
        try {
            context.runOnContext(nothing -> links.accept(call));
        } catch (RejectedExecutionException e) {
            return closed();
        }
        return call.stage();
    }

    private static <T> CompletionStage<T> closed() {
        return CompletableFuture.failedFuture(new Unavailable("the ledger is closed", null));
    }
}
