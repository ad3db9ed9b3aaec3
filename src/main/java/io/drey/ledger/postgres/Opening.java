// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException;
import io.drey.ledger.LedgerException.Unusable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Row;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The steps from a URL to a ledger that works; whatever is wrong is said in one line. */
final class Opening {
    /** Another node may be migrating a large database. */
    private static final long OPEN_SECONDS_MAX = 300;

    private static final long CONNECT_SECONDS_MAX = 10;
    private static final long AGAIN_MILLIS = 250;

    private final PgConnectOptions options;
    private final String place;
    private final Vertx vertx = vertx();

    private Opening(PgConnectOptions options) {
        this.options = options;
        this.place = "the database " + options.getDatabase() + " at " + options.getHost() + ":" + options.getPort();
    }

    static PostgresLedger open(PostgresConfig config) {
        return new Opening(options(config.url())).openWith(config);
    }

    private PostgresLedger openWith(PostgresConfig config) {
        try {
            Context context = vertx.getOrCreateContext();
            var clock = new ServerClock();
            var greeting = new Greeting(place, config.leaseMillis(), clock);
            var connector = new Connector(vertx, options, greeting);
            var opened = new CompletableFuture<Void>();
            context.runOnContext(nothing ->
                    prepare(connector, greeting).onSuccess(opened::complete).onFailure(opened::completeExceptionally));
            opened.get(OPEN_SECONDS_MAX, TimeUnit.SECONDS);
            var database = new Database(vertx, context, connector, greeting, clock, config.readers());
            return new PostgresLedger(database, config.durability());
        } catch (ExecutionException e) {
            vertx.close();
            throw unusable(e.getCause());
        } catch (TimeoutException e) {
            vertx.close();
            throw new Unusable(place + " could not be opened within " + OPEN_SECONDS_MAX + " seconds", e);
        } catch (InterruptedException e) {
            vertx.close();
            Thread.currentThread().interrupt();
            throw new Unusable("opening " + place + " was interrupted", e);
        }
    }

    private Future<Void> prepare(Connector connector, Greeting greeting) {
        long deadline = System.nanoTime() + CONNECT_SECONDS_MAX * 1_000_000_000;
        return connected(connector, deadline).compose(connection -> isPrimary(connection)
                .compose(primary -> connection
                        .query("set default_transaction_isolation = 'read committed'")
                        .execute())
                .compose(ready -> Schema.migrate(connection, place))
                .compose(migrated -> greeting.greet(connection, Manner.BACKGROUND))
                .<Void>mapEmpty()
                .onComplete(done -> connection.close()));
    }

    /** The database may be starting too; what the server itself refuses, such as a password, is refused at once. */
    private Future<PgConnection> connected(Connector connector, long deadlineNanos) {
        return connector.bare().recover(failure -> {
            boolean passing = !(failure instanceof PgException error) || "57P03".equals(error.getSqlState());
            if (!passing || System.nanoTime() - deadlineNanos > 0) {
                return Future.failedFuture(failure);
            }
            return vertx.timer(AGAIN_MILLIS, TimeUnit.MILLISECONDS)
                    .compose(again -> connected(connector, deadlineNanos));
        });
    }

    private Future<Void> isPrimary(PgConnection connection) {
        return connection
                .query("select pg_is_in_recovery(), pg_backend_pid()")
                .execute()
                .compose(rows -> {
                    Row server = rows.iterator().next();
                    Greeting.refusePooler(connection, server.getInteger(1), place);
                    if (server.getBoolean(0)) {
                        throw new Unusable(place + " is a standby, which takes no writes; name the primary", null);
                    }
                    return Future.succeededFuture();
                });
    }

    private LedgerException unusable(Throwable failure) {
        if (failure instanceof LedgerException known) {
            return known;
        }
        if (!(failure instanceof PgException error)) {
            return new Unusable(
                    place + " cannot be reached (" + Failures.words(failure)
                            + "); check storage.url and that the server runs",
                    failure);
        }
        String state = error.getSqlState() == null ? "" : error.getSqlState();
        return new Unusable(
                switch (state) {
                    case "28P01" -> place + " refuses the password of user " + options.getUser();
                    case "28000" ->
                        place + " does not let user " + options.getUser() + " in (" + error.getErrorMessage() + ")";
                    case "3D000" -> place + " does not exist; create it, or name another in storage.url";
                    case "42501" ->
                        place + " does not let user " + options.getUser()
                                + " make the schema drey or work in it; grant create on the database, or make that"
                                + " user the owner of the schema";
                    case "53300" -> place + " has no connection left; raise max_connections";
                    case "57P03" -> place + " is not ready (" + error.getErrorMessage() + "); try again";
                    case "25006" -> place + " is read-only";
                    default -> place + " cannot be used: " + Failures.words(error);
                },
                failure);
    }

    /** What a URL says; the words of a refusal never hold the password. */
    static PgConnectOptions options(String url) {
        PgConnectOptions options;
        try {
            options = PgConnectOptions.fromUri(url);
        } catch (RuntimeException e) {
            // Neither the URL nor the words of the failure, since both may hold the password.
            throw new Unusable(
                    "storage.url is not of the form postgresql://user:password@host:port/database (characters of the"
                            + " password beside letters and digits must be percent-encoded)",
                    null);
        }
        options.setCachePreparedStatements(true).setPreparedStatementCacheMaxSize(512);
        options.setPreparedStatementCacheSqlLimit(16_384).setPipeliningLimit(256);
        if (options.getSslMode() != SslMode.DISABLE && options.getSslOptions() == null) {
            boolean verifies = options.getSslMode() == SslMode.VERIFY_CA || options.getSslMode() == SslMode.VERIFY_FULL;
            options.setSslOptions(new ClientSSLOptions()
                    .setTrustAll(!verifies)
                    .setHostnameVerificationAlgorithm(options.getSslMode() == SslMode.VERIFY_FULL ? "HTTPS" : ""));
        }
        return options;
    }

    private static Vertx vertx() {
        return Vertx.vertx(new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setUseDaemonThread(true)
                .setPreferNativeTransport(true)
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));
    }
}
