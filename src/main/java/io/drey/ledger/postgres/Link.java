// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.postgres.Connector.Greeted;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.function.BiConsumer;

/**
 * One connection, made again whenever it is lost, with the calls that wait for it and those that wait for an answer.
 * One that answers nothing for too long is given up: neither a paused server nor a cut network says goodbye; so is one
 * that leads to a server that the ledger has left. Event loop of the ledger only, save where said.
 */
final class Link {
    private static final long BACK_OFF_MILLIS_MIN = 20;
    private static final long BACK_OFF_MILLIS_MAX = 500;
    private static final String LEFT = "the database was restarted or failed over";

    private final Context context;
    private final Manner manner;
    private final Connector connector;
    private final ArrayDeque<Call<?>> waiting = new ArrayDeque<>();
    private final ArrayDeque<Call<?>> sent = new ArrayDeque<>();
    private volatile PgConnection connection;
    private volatile String trouble;
    /** That the connection leads to. */
    private String server;

    private long backOffMillis = BACK_OFF_MILLIS_MIN;
    private boolean closed;

    Link(Context context, Manner manner, Connector connector) {
        this.context = context;
        this.manner = manner;
        this.connector = connector;
    }

    /** Whether calls can be answered now. Any thread. */
    boolean isUp() {
        return connection != null;
    }

    /** Why it is not up, null when it is. Any thread. */
    String trouble() {
        return isUp() ? null : trouble == null ? "not connected yet" : trouble;
    }

    /** Calls under way. */
    int load() {
        return waiting.size() + sent.size();
    }

    void accept(Call<?> call) {
        if (closed) {
            call.fail(new Unavailable("the ledger is closed", null));
        } else if (waiting.size() >= manner.waitingMax()) {
            call.fail(new Unavailable("too many calls wait for the database", null));
        } else {
            waiting.add(call);
            flush();
        }
    }

    void connect() {
        if (closed || connection != null) {
            return;
        }
        connector.connect(manner).onComplete(this::connected);
    }

    /** Gives up on what takes too long. */
    void tick(long now) {
        leaveOldServer();
        refuseWaiting(connector.server());
        while (!waiting.isEmpty() && waiting.peek().isOverdue(now, manner.patienceMillis())) {
            String why = trouble();
            waiting.poll()
                    .fail(new Unavailable(
                            why == null ? "the database is slow" : "the database cannot be reached: " + why, null));
        }
        if (!sent.isEmpty() && sent.peek().isOverdue(now, manner.patienceMillis())) {
            lose(connection, "it did not answer in time");
        }
    }

    void close() {
        closed = true;
        PgConnection last = connection;
        if (last != null) {
            lose(last, "the ledger was closed");
        }
        failWaiting();
    }

    private void connected(AsyncResult<Greeted> attempt) {
        if (attempt.failed()) {
            trouble = Failures.words(attempt.cause());
            context.owner().setTimer(backOffMillis, timer -> connect());
            backOffMillis = Math.min(BACK_OFF_MILLIS_MAX, backOffMillis * 2);
            return;
        }
        PgConnection made = attempt.result().connection();
        if (closed) {
            Connector.drop(made);
            return;
        }
        backOffMillis = BACK_OFF_MILLIS_MIN;
        connection = made;
        server = attempt.result().server();
        made.closeHandler(nothing -> lose(made, "the connection was lost"));
        made.exceptionHandler(failure -> lose(made, Failures.words(failure)));
        if (manner.writes()) {
            // A commit that gives up to wait for its standby is told as one that stands, with a warning before it.
            made.noticeHandler(notice -> lose(made, "the database warned: " + notice.getMessage()));
        }
        refuseWaiting(server);
        flush();
    }

    /** What another connection has found out: nothing that the old server says counts any more. */
    private void leaveOldServer() {
        if (connection != null && !server.equals(connector.server())) {
            lose(connection, LEFT);
        }
    }

    /** What waits and is meant for another server was never sent. */
    private void refuseWaiting(String found) {
        waiting.removeIf(call -> {
            if (!call.isFor(found)) {
                call.fail(Failures.otherServer(null));
            }
            return !call.isFor(found);
        });
    }

    private void flush() {
        leaveOldServer();
        while (connection != null && sent.size() < manner.depth() && !waiting.isEmpty()) {
            send(waiting.poll());
        }
    }

    private <T> void send(Call<T> call) {
        if (!call.isFor(server)) {
            call.fail(Failures.otherServer(null));
            return;
        }
        PgConnection used = connection;
        sent.add(call);
        call.sent();
        BiConsumer<RowSet<Row>, Throwable> answered = (rows, failure) -> {
            leaveOldServer();
            // What was given up has failed already.
            if (!sent.remove(call)) {
                return;
            }
            // The server works on one after the other.
            if (!sent.isEmpty()) {
                sent.peek().sent();
            }
            if (failure == null) {
                call.complete(rows, manner.writes());
            } else {
                call.fail(Failures.meaning(failure, manner.writes()));
                if (!Failures.isOfTheCall(failure)) {
                    lose(used, Failures.words(failure));
                }
            }
            flush();
        };
        try {
            used.preparedQuery(call.sql()).execute(call.values()).onComplete(answered::accept);
        } catch (RuntimeException e) {
            answered.accept(null, e);
        }
    }

    private void lose(PgConnection lost, String why) {
        if (lost == null || connection != lost) {
            return;
        }
        connection = null;
        trouble = why;
        Connector.drop(lost);
        var calls = new ArrayList<>(sent);
        sent.clear();
        calls.forEach(call -> call.fail(Failures.lost(null, manner.writes())));
        connect();
    }

    private void failWaiting() {
        while (!waiting.isEmpty()) {
            waiting.poll().fail(new Unavailable("the ledger is closed", null));
        }
    }
}
