// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException.Unusable;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.HashSet;
import java.util.Set;

/**
 * What is said first over each new connection: time-outs are set, a standby and a pooler are refused, and a server that
 * is not the one that the turn knows is taken up. Remembers which server the ledger works with; one that it has left is
 * not taken up again. Event loop of the ledger, save where said.
 */
final class Greeting {
    /** Others may go on answering from memory for a lease; their clocks run a little differently. */
    private static final long ADOPT_MARGIN_MILLIS = 500;

    private static final String PREPARE = "select set_config('lock_timeout', $1, false),"
            + " set_config('statement_timeout', $2, false), set_config('client_min_messages', 'warning', false),"
            + " set_config('idle_in_transaction_session_timeout', '10s', false),"
            + " set_config('default_transaction_isolation', 'read committed', false),"
            // Of short statements the plans are made once, and must hold whatever the tables have grown to since.
            + " set_config('plan_cache_mode', $3, false), set_config('enable_seqscan', $4, false),"
            + " set_config('enable_hashjoin', $4, false), set_config('enable_mergejoin', $4, false),"
            + " set_config('jit', 'off', false), pg_is_in_recovery() as standby, pg_backend_pid() as process";
    private static final String BEGIN_LIFE = "select drey.begin_life()";
    private static final String LOOK = "select drey.identity() as identity, drey.server() as server,"
            + " (select t.identity from drey.turn t) as known, greatest(drey.millis(),"
            + " (select l.time from drey.log l order by l.position desc limit 1),"
            + " (select max(i.clock) from drey.incarnation i where not i.ended),"
            + " (select m.value from drey.meta m where m.name = 'time-floor')) as millis";
    private static final String ADOPT = "select drey.adopt($1, $2)";

    private final String place;
    private final long waitMillis;
    private final ServerClock clock;
    /** One for each life of the server that was seen to end. */
    private final Set<String> left = new HashSet<>();

    private volatile long takenUpNanos;
    private volatile boolean isAnother;
    private volatile String server = "";

    Greeting(String place, long leaseMillis, ServerClock clock) {
        this.place = place;
        this.waitMillis = leaseMillis + ADOPT_MARGIN_MILLIS;
        this.clock = clock;
    }

    /** The server that this ledger works with, as {@code drey.server} tells it. Any thread. */
    String server() {
        return server;
    }

    /**
     * Whether that server was taken up so lately that other nodes may still answer from memory of the one before: by
     * elapsed time, since the server's clock may be put forward. Any thread; to be asked after {@link #server}.
     */
    boolean isQuiet() {
        return isAnother && System.nanoTime() - takenUpNanos < waitMillis * 1_000_000;
    }

    /** Answers the server that the connection leads to. */
    Future<String> greet(PgConnection connection, Manner manner) {
        var settings = Tuple.of(
                Long.toString(manner.lockMillis()),
                Long.toString(manner.statementMillis()),
                manner.isShort() ? "force_generic_plan" : "auto",
                manner.isShort() ? "off" : "on");
        return connection
                .preparedQuery(PREPARE)
                .execute(settings)
                .compose(rows -> {
                    Row session = rows.iterator().next();
                    refusePooler(connection, session.getInteger("process"), place);
                    return session.getBoolean("standby")
                            ? Future.failedFuture("the server is a standby, which takes no writes")
                            : connection.preparedQuery(BEGIN_LIFE).execute();
                })
                .compose(begun -> connection.preparedQuery(LOOK).execute())
                .compose(rows -> meet(connection, rows.iterator().next()));
    }

    /** A session that is shared has the settings and the prepared statements of others. */
    static void refusePooler(PgConnection connection, int process, String place) {
        if (connection.processId() != process) {
            throw new Unusable(
                    place + " is behind a pooler, and each connection must be a session of its own; name the server"
                            + " itself in storage.url",
                    null);
        }
    }

    private Future<String> meet(PgConnection connection, Row look) {
        String found = look.getString("server");
        if (left.contains(found)) {
            return Future.failedFuture("the server is one that was left for another");
        }
        String identity = look.getString("identity");
        String known = look.getString("known");
        boolean isNew = !identity.equals(known);
        Future<?> adopted = isNew
                ? connection.preparedQuery(ADOPT).execute(Tuple.of(identity, waitMillis))
                : Future.succeededFuture();
        return adopted.compose(done -> {
            if (left.contains(found)) {
                return Future.failedFuture("the server is one that was left for another");
            }
            takeUp(found, isNew && known != null);
            clock.atLeast(look.getLong("millis"));
            return Future.succeededFuture(found);
        });
    }

    private void takeUp(String found, boolean wasAnother) {
        boolean isLeaving = !server.isEmpty() && !server.equals(found);
        if (wasAnother || isLeaving) {
            takenUpNanos = System.nanoTime();
            isAnother = true;
        }
        if (isLeaving) {
            left.add(server);
        }
        server = found;
    }
}
