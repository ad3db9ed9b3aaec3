// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The tools of the fault stories do what they say, shown with a table of numbers and a function that adds one: the
 * database that is killed, paused, read-only, set back, and the network that is slow, cut, and loses an answer.
 */
class PostgresServerIT {
    private static final String DATABASE = "numbers";
    private static PostgresServer postgres;

    private TcpProxy proxy;

    @BeforeAll
    static void startServer() throws SQLException {
        postgres = new PostgresServer().with("max_connections", "30").start().createDatabase(DATABASE);
        try (var session = postgres.connect(DATABASE)) {
            run(session, "create table number (n bigint)");
            run(
                    session,
                    "create function add_number(m bigint) returns bigint language sql as "
                            + "'insert into number values (m); select count(*) from number'");
        }
    }

    @AfterAll
    static void endServer() {
        postgres.close();
    }

    @BeforeEach
    void openProxy() throws SQLException {
        proxy = TcpProxy.to(postgres);
        try (var session = postgres.connect(DATABASE)) {
            run(session, "truncate number");
        }
    }

    @AfterEach
    void closeProxy() {
        proxy.close();
    }

    @Test
    void committedNumbersOutliveAKill() throws SQLException {
        try (var session = postgres.connect(DATABASE)) {
            add(session, 1);
            postgres.killHard();
            assertThat(postgres.isAlive()).isFalse();
            assertThatThrownBy(() -> add(session, 2)).isInstanceOf(SQLException.class);
        }
        postgres.start();
        assertThat(numbers()).isEqualTo(1);
        postgres.restart();
        assertThat(numbers()).isEqualTo(1);
    }

    @Test
    void pausedServerAnswersOnceItIsResumed() throws Exception {
        try (var session = postgres.connect(DATABASE)) {
            postgres.pause();
            assertAnswersOnlyAfter(session, postgres::resume);
        }
        assertThat(numbers()).isEqualTo(1);
    }

    @Test
    void readOnlyHoldsForSessionsThatAreOpenAndEnds() throws SQLException {
        try (var session = postgres.connect(DATABASE)) {
            add(session, 1);
            postgres.readOnly(true);
            assertThatThrownBy(() -> add(session, 2)).hasMessageContaining("read-only");
            assertThat(numbers()).isEqualTo(1);
            postgres.readOnly(false);
            add(session, 3);
        }
        assertThat(numbers()).isEqualTo(2);
    }

    @Test
    void restoredSnapshotForgetsWhatCameLater() throws SQLException {
        insert(1);
        var snapshot = postgres.snapshot();
        insert(2);
        assertThat(numbers()).isEqualTo(2);
        postgres.restore(snapshot);
        assertThat(numbers()).isEqualTo(1);
    }

    @Test
    void delayedAnswerComesLate() throws SQLException {
        try (var session = through(proxy)) {
            add(session, 1);
            proxy.delay(Duration.ofMillis(40), Duration.ofMillis(60));
            long start = System.nanoTime();
            add(session, 2);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(100), Duration.ofSeconds(5));
        }
    }

    @Test
    void refusedAndCutConnectionsFailUntilTheyPassAgain() throws SQLException {
        try (var session = through(proxy)) {
            add(session, 1);
            proxy.refuse();
            assertThatThrownBy(() -> through(proxy)).isInstanceOf(SQLException.class);
            add(session, 2);
            proxy.cut();
            assertThatThrownBy(() -> add(session, 3)).isInstanceOf(SQLException.class);
        }
        proxy.pass();
        try (var session = through(proxy)) {
            add(session, 4);
        }
        assertThat(numbers()).isEqualTo(3);
    }

    @Test
    void heldBytesArriveLaterAndSwallowedOnesNever() throws Exception {
        try (var session = through(proxy)) {
            proxy.hold(false, true);
            assertAnswersOnlyAfter(session, proxy::pass);
            proxy.hold(true, false);
            assertAnswersOnlyAfter(session, proxy::pass);
            assertThat(numbers()).isEqualTo(2);

            proxy.swallow(true, true);
            assertThatThrownBy(() -> assertAnswersOnlyAfter(session, proxy::pass))
                    .isInstanceOf(ExecutionException.class);
        }
        assertThat(numbers()).isEqualTo(2);
    }

    @Test
    void lostAnswerIsThatOfACommitThatHasHappened() throws Exception {
        try (var session = through(proxy);
                var prepared = session.prepareStatement("select add_number(?)")) {
            // After five calls the driver refers to it by a name, and its text is on the wire no more.
            for (int i = 0; i < 10; i++) {
                prepared.setLong(1, i);
                prepared.execute();
            }
            var lost = proxy.loseAnswerTo("add_number");
            try (var other = session.prepareStatement("select count(*) from number");
                    var count = other.executeQuery()) {
                assertThat(count.next()).isTrue();
            }
            assertThat(lost).isNotDone();
            prepared.setLong(1, 11);
            assertThatThrownBy(prepared::execute).isInstanceOf(SQLException.class);
            lost.get(5, TimeUnit.SECONDS);
        }
        assertThat(numbers()).isEqualTo(11);
        try (var session = through(proxy)) {
            add(session, 12);
        }
        assertThat(numbers()).isEqualTo(12);
    }

    @Test
    void answersBeforeTheLostOneGetThrough() throws Exception {
        var vertx = Vertx.vertx();
        try {
            var options = PgConnectOptions.fromUri(postgres.url(DATABASE, proxy))
                    .setCachePreparedStatements(true)
                    .setPipeliningLimit(16);
            var session = await(PgConnection.connect(vertx, options));
            var add = session.preparedQuery("select add_number($1)");
            await(add.execute(Tuple.of(1L)));
            await(session.preparedQuery("select count(*) from number").execute());
            var lost = proxy.loseAnswerTo("add_number");

            var before = session.preparedQuery("select count(*) from number").execute();
            var cut = add.execute(Tuple.of(2L));
            var after = session.preparedQuery("select count(*) from number").execute();
            assertThat(await(before).iterator().next().getLong(0)).isEqualTo(1);
            assertThatThrownBy(() -> await(cut)).isInstanceOf(ExecutionException.class);
            assertThatThrownBy(() -> await(after)).isInstanceOf(ExecutionException.class);
            lost.get(5, TimeUnit.SECONDS);
            assertThat(numbers()).isEqualTo(2);
        } finally {
            await(vertx.close());
        }
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static void assertAnswersOnlyAfter(Connection session, Runnable end) throws Exception {
        var executor = Executors.newSingleThreadExecutor();
        try {
            var added = executor.submit(() -> {
                add(session, 1);
                return null;
            });
            assertThatThrownBy(() -> added.get(300, TimeUnit.MILLISECONDS)).isInstanceOf(TimeoutException.class);
            end.run();
            added.get(10, TimeUnit.SECONDS);
        } finally {
            executor.shutdownNow();
        }
    }

    private static Connection through(TcpProxy proxy) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/" + DATABASE,
                PostgresServer.USER,
                PostgresServer.PASSWORD);
    }

    private static void insert(long number) throws SQLException {
        try (var session = postgres.connect(DATABASE)) {
            add(session, number);
        }
    }

    private static void add(Connection session, long number) throws SQLException {
        run(session, "select add_number(" + number + ")");
    }

    private static void run(Connection session, String statement) throws SQLException {
        try (var call = session.createStatement()) {
            call.execute(statement);
        }
    }

    private static long numbers() throws SQLException {
        try (var session = postgres.connect(DATABASE);
                var call = session.createStatement();
                var count = call.executeQuery("select count(*) from number")) {
            count.next();
            return count.getLong(1);
        }
    }
}
