// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import static io.drey.copy.Content.await;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.postgres.Postgres;
import io.drey.ledger.postgres.PostgresConfig;
import io.drey.ledger.sqlite.Sqlite;
import io.drey.ledger.sqlite.SqliteConfig;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger goes from SQLite to a real PostgreSQL and back, and nobody who uses it can tell. */
class CopyIT {
    private static EmbeddedPostgres server;
    private static int databases;

    @TempDir
    Path scratch;

    private final long seed = Long.getLong("drey.seed", System.nanoTime());
    private String database;
    private String url;
    private String said;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedPostgres.builder().start();
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @BeforeEach
    void createDatabase() throws SQLException {
        System.out.println("drey.seed=" + seed);
        database = "copy" + ++databases;
        sql("postgres", "create database " + database);
        url = "postgresql://postgres@127.0.0.1:" + server.getPort() + "/" + database;
    }

    @Test
    void everythingArrivesInPostgresAndComesBack() {
        var before = fill(scratch.resolve("one"));
        copied(scratch.resolve("one"), url);
        assertThat(said).contains("read back and compared").doesNotContain("postgres:");
        copied(url, scratch.resolve("two"));
        assertThat(scratch.resolve("two/copy-in-progress")).doesNotExist();
        assertThat(read(scratch.resolve("two"))).isEqualTo(before);
    }

    @Test
    void postgresShowsWhatSqliteShowed() {
        var before = fill(scratch.resolve("one"));
        copied(scratch.resolve("one"), url);
        try (var ledger = postgres()) {
            assertThat(new Content(ledger, "second").lines()).isEqualTo(before);
        }
    }

    @Test
    void numbersGoOnAboveThoseOfTheSource() {
        long position;
        long space;
        Map<Integer, Long> epochs;
        try (var ledger = open(scratch.resolve("one"))) {
            var content = new Content(ledger, "first");
            content.fill(new Random(seed));
            space = content.store("Z", "last", -1, -1).space();
            var last = await(ledger.directory().storeByName(content.account().number(), "last"));
            await(ledger.directory().deleteStore(last.number(), true, ledger.now(), null, null));
            content.sweepSpaces();
            position = content.lastPosition();
            epochs = content.epochs();
        }
        copied(scratch.resolve("one"), url);
        try (var ledger = postgres()) {
            var content = new Content(ledger, "second");
            assertGreater(content.epochs(), epochs);
            var store = content.store("Y", "new", -1, -1);
            assertThat(store.space()).isGreaterThan(space);
            assertThat(content.put(store, "k", new byte[1])).isEqualTo(position + 2);
            epochs = content.epochs();
            position = content.lastPosition();
        }
        copied(url, scratch.resolve("two"));
        try (var ledger = open(scratch.resolve("two"))) {
            var content = new Content(ledger, "third");
            assertGreater(content.epochs(), epochs);
            var store = await(ledger.directory().storeById("Y"));
            assertThat(content.put(store, "k", new byte[2])).isEqualTo(position + 1);
            assertThat(content.store("X", null, -1, -1).number()).isGreaterThan(store.number());
        }
    }

    @Test
    void positionsOfTheSourceHoldInATargetThatHadJumped() throws SQLException {
        var before = fill(scratch.resolve("one"));
        postgres().close();
        sql(database, "insert into drey.jump values (0, 5000000001)", "update drey.turn set position = 5000000000");
        copied(scratch.resolve("one"), url);
        try (var ledger = postgres()) {
            var content = new Content(ledger, "second");
            assertThat(content.lines()).isEqualTo(before);
            assertThat(content.lastPosition()).isLessThan(5_000);
        }
    }

    @Test
    void sourceStaysAsItIs() throws IOException {
        fill(scratch.resolve("one"));
        var before = files(scratch.resolve("one"));
        copied(scratch.resolve("one"), scratch.resolve("two"));
        assertThat(files(scratch.resolve("one"))).isEqualTo(before);
    }

    @Test
    void whatACrashLeftInTheWriteAheadLogIsCopied() throws IOException {
        Path crashed = Files.createDirectory(scratch.resolve("crashed"));
        List<String> before;
        try (var ledger = open(scratch.resolve("one"))) {
            var content = new Content(ledger, "first");
            content.fill(new Random(seed));
            before = content.lines();
            for (String name : List.of("drey.db", "drey.db-wal")) {
                Files.copy(scratch.resolve("one").resolve(name), crashed.resolve(name));
            }
        }
        byte[] file = Files.readAllBytes(crashed.resolve("drey.db"));
        byte[] log = Files.readAllBytes(crashed.resolve("drey.db-wal"));
        assertThat(log).isNotEmpty();
        copied(crashed, scratch.resolve("two"));
        assertThat(read(scratch.resolve("two"))).isEqualTo(before);
        assertThat(crashed.resolve("drey.db")).hasBinaryContent(file);
        assertThat(crashed.resolve("drey.db-wal")).hasBinaryContent(log);
    }

    @Test
    void remainsOfACopyThatWasKilledAreNoHindrance() throws IOException {
        var before = fill(scratch.resolve("one"));
        Path remains = Files.createDirectories(scratch.resolve("two/copy-in-progress"));
        Files.writeString(remains.resolve("drey.db"), "half");
        copied(scratch.resolve("one"), scratch.resolve("two"));
        assertThat(remains).doesNotExist();
        assertThat(read(scratch.resolve("two"))).isEqualTo(before);
    }

    @Test
    void targetThatHoldsSomethingIsRefusedAndKept() throws IOException {
        var one = fill(scratch.resolve("one"));
        copied(scratch.resolve("one"), url);
        var two = fill(scratch.resolve("two"));
        refused(scratch.resolve("two"), url, "is not empty: it has rows in drey.secret");
        refused(url, scratch.resolve("two"), "holds a database already");
        assertThat(read(scratch.resolve("two"))).isEqualTo(two);
        copied(url, scratch.resolve("three"));
        assertThat(read(scratch.resolve("three"))).isEqualTo(one);
    }

    @Test
    void sqliteThatANodeUsesIsRefused() {
        try (var ledger = open(scratch.resolve("one"))) {
            assertThat(ledger.status().reachable()).isTrue();
            refused(scratch.resolve("one"), url, "in use by another Drey process");
        }
        assertThat(count("select count(*) from pg_namespace where nspname = 'drey'"))
                .isZero();
    }

    @Test
    void postgresThatANodeUsesIsRefusedUntilItIsStopped() throws Exception {
        fill(scratch.resolve("one"));
        copied(scratch.resolve("one"), url);
        sql(
                database,
                "insert into drey.incarnation (name, address, http, counter, ended) values"
                        + " ('gone', '', '', 3, true), ('node', '', '', 5, false)");
        var running = new AtomicBoolean(true);
        var node = new Thread(() -> {
            while (running.get()) {
                count("with renewed as (update drey.incarnation set counter = counter + 1 where name = 'node'"
                        + " returning 1) select count(*) from renewed");
            }
        });
        node.start();
        try {
            refused(url, scratch.resolve("two"), "in use by a running node; stop all nodes first");
            assertThat(scratch.resolve("two/drey.db")).doesNotExist();
        } finally {
            running.set(false);
            node.join();
        }
        copied(url, scratch.resolve("two"));
    }

    @Test
    void damagedRecordStopsTheCopyAndIsNamed() throws SQLException {
        fill(scratch.resolve("one"));
        damage("update record set value = x'00' where key = cast('key 100' as blob)");
        refused(scratch.resolve("one"), url, "the record \"key 100\" of store A (main) is not what was written");
        assertThat(count("select count(*) from drey.account")).isZero();
        assertThat(count("select count(*) from drey.record")).isZero();
        refused(scratch.resolve("one"), scratch.resolve("two"), "the record \"key 100\" of store A (main)");
        assertThat(scratch.resolve("two/drey.db")).doesNotExist();
        assertThat(scratch.resolve("two/copy-in-progress")).doesNotExist();
    }

    @Test
    void damagedLogAndChunksAreNamed() throws SQLException {
        fill(scratch.resolve("one"));
        damage("update log set previous = 7 where key = cast('key 7' as blob)");
        refused(scratch.resolve("one"), scratch.resolve("two"), "tells of the key \"key 7\" of store A (main)");
        fill(scratch.resolve("three"));
        damage(
                scratch.resolve("three"),
                "update chunk set bytes = x'00' where id >> 20 ="
                        + " (select payload from record where key = cast('large' as blob))");
        refused(scratch.resolve("three"), scratch.resolve("two"), "a part of the record \"large\" of store A (main)");
    }

    @Test
    void placesThatHoldNoLedgerAreRefused() throws SQLException {
        refused(scratch.resolve("none"), url, "holds no database of Drey");
        assertThat(scratch.resolve("none")).doesNotExist();
        refused(url, scratch.resolve("two"), "holds no ledger of Drey");
        sql(database, "create schema drey", "create table drey.store (x integer)");
        refused(url, scratch.resolve("two"), "has a schema of another version");
        refused("postgresql://postgres:geheim@127.0.0.1:1/none", scratch.resolve("two"), "127.0.0.1:1/none");
        assertThat(said).doesNotContain("geheim");
        refused("postgresql://postgres:geheim@host:port/none", scratch.resolve("two"), "is not of the form");
        assertThat(said).doesNotContain("geheim");
    }

    private List<String> fill(Path directory) {
        try (var ledger = open(directory)) {
            var content = new Content(ledger, "first");
            content.fill(new Random(seed));
            content.trim();
            return content.lines();
        }
    }

    private List<String> read(Path directory) {
        try (var ledger = open(directory)) {
            return new Content(ledger, "second").lines();
        }
    }

    private static Ledger open(Path directory) {
        return Sqlite.open(new SqliteConfig(directory, Durability.OS, 2, 4_096));
    }

    private Ledger postgres() {
        return Postgres.open(new PostgresConfig(url, Durability.OS, 3_000, 2));
    }

    private static void assertGreater(Map<Integer, Long> epochs, Map<Integer, Long> before) {
        assertThat(epochs).allSatisfy((partition, epoch) -> assertThat(epoch).isGreaterThan(before.get(partition)));
    }

    private static Map<String, Integer> files(Path directory) throws IOException {
        var files = new TreeMap<String, Integer>();
        try (var paths = Files.list(directory)) {
            for (Path path : paths.toList()) {
                files.put(path.getFileName().toString(), Arrays.hashCode(Files.readAllBytes(path)));
            }
        }
        return files;
    }

    private void damage(String sql) throws SQLException {
        damage(scratch.resolve("one"), sql);
    }

    private static void damage(Path directory, String sql) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("drey.db"));
                var statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isPositive();
        }
    }

    private void copied(Object from, Object to) {
        assertThat(copy(from, to)).as(() -> said).isZero();
    }

    private void refused(Object from, Object to, String words) {
        assertThat(copy(from, to)).isEqualTo(1);
        assertThat(said)
                .startsWith("drey: nothing was copied: ")
                .contains(words)
                .hasLineCount(1);
    }

    private long count(String query) {
        String jdbc = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?user=postgres";
        try (var connection = DriverManager.getConnection(jdbc);
                var statement = connection.createStatement();
                var result = statement.executeQuery(query)) {
            result.next();
            return result.getLong(1);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    private int copy(Object from, Object to) {
        var out = new ByteArrayOutputStream();
        int status;
        try (var stream = new PrintStream(out, true, StandardCharsets.UTF_8)) {
            status = CopyCommand.run(List.of("--from=" + from, "--to=" + to), stream, stream);
        }
        said = out.toString(StandardCharsets.UTF_8);
        return status;
    }

    private static void sql(String database, String... statements) throws SQLException {
        String jdbc = "jdbc:postgresql://127.0.0.1:" + server.getPort() + "/" + database + "?user=postgres";
        try (var connection = DriverManager.getConnection(jdbc);
                var statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
