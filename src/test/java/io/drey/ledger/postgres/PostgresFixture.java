// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.faults.PostgresServer;
import io.drey.ledger.Claims.Node;
import io.drey.ledger.Commit;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.CommitResult.Verdict;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException;
import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.LedgerException.Unknown;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A server for the tests of a class; for each test a database, and a ledger with one store and one claimed partition. */
abstract class PostgresFixture {
    static final int PARTITION = 3;
    static final long LEASE_MILLIS = 500;

    static PostgresServer server;
    private static int databases;
    private final List<Ledger> opened = new ArrayList<>();
    String database;
    Ledger ledger;
    long incarnation;
    long epoch;
    Store store;

    @BeforeAll
    static void startServer() {
        server = new PostgresServer().with("fsync", "off").start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void begin() {
        database = "lives" + ++databases;
        server.createDatabase(database);
        ledger = open();
        incarnation = join("one");
        epoch = claim(incarnation);
        var account = get(ledger.directory().account("admin", true));
        var settings = new StoreSettings("main", null, 0, -1, -1, "FOLLOW_USER_SETTING");
        store = get(ledger.directory()
                        .createStore(new NewStore("id0000000000000", account, settings, ledger.now()), null))
                .value();
    }

    @AfterEach
    void close() {
        opened.forEach(Ledger::close);
    }

    boolean isLiving() {
        try {
            return get(ledger.claims().renew(incarnation)).isLiving();
        } catch (Unavailable | Unknown e) {
            return true;
        }
    }

    /** Waits until the ledger works with another server and holds its partition there; answers the incarnation. */
    long takenUp() {
        await().atMost(Duration.ofSeconds(20)).until(() -> !isLiving());
        long next = join("one");
        await().atMost(Duration.ofSeconds(20)).until(() -> !get(ledger.claims().claim(next, List.of(PARTITION)))
                .isEmpty());
        return next;
    }

    Ledger open() {
        var made = Postgres.open(new PostgresConfig(server.url(database), durability(), LEASE_MILLIS, 1));
        opened.add(made);
        return made;
    }

    Durability durability() {
        return Durability.FSYNC;
    }

    static Node node(String name) {
        return new Node(name, "127.0.0.1:1", "http://127.0.0.1:2");
    }

    long join(String name) {
        return get(ledger.claims().join(node(name)));
    }

    long claim(long by) {
        return get(ledger.claims().claim(by, List.of(PARTITION))).get(PARTITION);
    }

    RecordKey key(String text) {
        return new RecordKey(store.space(), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Creates a record. */
    Commit commit(String key, long under) {
        long now = ledger.now();
        var value = new Value.Inline(key.getBytes(StandardCharsets.UTF_8));
        var entry = new Entry(value, "text/plain", Entry.PENDING, now, now, Entry.NEVER);
        var step = new Step(new Change.Created(entry, "put", now), 1, null);
        return new Commit(
                List.of(new RecordCommit(key(key), PARTITION, under, 0, 0, entry, List.of(step))), List.of(), null);
    }

    Verdict put(String key, long under) {
        return get(ledger.records().commit(commit(key, under))).records().get(0);
    }

    /** A session of its own that holds the turn until it commits. */
    Connection turn() throws SQLException {
        var connection = server.connect(database);
        connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        connection.setAutoCommit(false);
        try (var call = connection.createStatement()) {
            call.execute("select * from drey.take_turn(drey.server())");
        }
        return connection;
    }

    boolean isBlocked(String function) throws SQLException {
        return number("select count(*) from pg_stat_activity where wait_event_type = 'Lock' and query like '%"
                        + function + "%' and datname = '" + database + "'")
                > 0;
    }

    long number(String query) throws SQLException {
        try (var connection = server.connect(database);
                var call = connection.createStatement();
                var found = call.executeQuery(query)) {
            found.next();
            return found.getLong(1);
        }
    }

    void execute(String statement) throws SQLException {
        try (var connection = server.connect(database);
                var call = connection.createStatement()) {
            call.execute(statement);
        }
    }

    static <T> T get(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(LedgerException.class);
            throw (LedgerException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }
}
