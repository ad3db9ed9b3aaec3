// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drey.ledger.LedgerException.Unusable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is opened, and what is refused with words and left as it was. */
class OpeningTest {
    @TempDir
    Path directory;

    @Test
    void secondOpeningIsRefusedWhileTheFirstLives() {
        try (var bench = new Bench(directory)) {
            refused("in use by another Drey process");
            assertThat(Bench.isDone(bench.put("a", new byte[1]))).isTrue();
        }
        new Bench(directory).close();
    }

    @Test
    void directoryIsMade() {
        new Bench(directory.resolve("deep/er")).close();
        assertThat(directory.resolve("deep/er/drey.db")).exists();
    }

    @Test
    void directoryThatCannotBeMadeIsRefused() throws IOException {
        Files.createFile(directory.resolve("file"));
        assertThatThrownBy(() -> Sqlite.open(Bench.config(directory.resolve("file/data"))))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("check the path and its rights");
    }

    @Test
    void directoryThatCannotBeWrittenIsRefused() throws IOException {
        Files.createDirectory(directory.resolve(LockFile.FILE));
        refused("cannot be written");
    }

    @Test
    void fileThatIsNotADatabaseIsRefusedAndKept() throws IOException {
        Path file = directory.resolve(Connections.FILE);
        Files.writeString(file, "my diary ".repeat(1_000));
        byte[] before = Files.readAllBytes(file);
        refused("is not an SQLite database");
        assertThat(Files.readAllBytes(file)).isEqualTo(before);
    }

    @Test
    void shortFileIsRefusedAndKept() throws IOException {
        Files.writeString(directory.resolve(Connections.FILE), "x");
        refused("is not an SQLite database");
        assertThat(directory.resolve(Connections.FILE)).hasContent("x");
    }

    @Test
    void databaseOfSomebodyElseIsRefusedAndKept() throws Exception {
        sql("create table theirs (x)");
        byte[] before = Files.readAllBytes(directory.resolve(Connections.FILE));
        refused("not one of Drey");
        assertThat(Files.readAllBytes(directory.resolve(Connections.FILE))).isEqualTo(before);
    }

    @Test
    void databaseOfANewerDreyIsRefused() throws Exception {
        new Bench(directory).close();
        sql("pragma user_version = 99");
        refused("newer Drey (schema 99");
    }

    @Test
    void damagedSchemaIsRefused() throws Exception {
        new Bench(directory).close();
        sql("drop table answer");
        refused("damaged schema");
    }

    @Test
    void damagedHeaderIsRefused() throws IOException {
        new Bench(directory).close();
        overwrite(16, new byte[] {1, 2, 3, 4, 5, 6});
        refused("damaged header");
    }

    @Test
    void truncatedFileIsRefused() throws IOException {
        new Bench(directory).close();
        try (FileChannel channel = FileChannel.open(directory.resolve(Connections.FILE), StandardOpenOption.WRITE)) {
            channel.truncate(3 * 4_096);
        }
        refused("shorter than it was written");
    }

    @Test
    void logWithoutItsDatabaseIsRefused() throws IOException {
        Files.writeString(directory.resolve(Connections.FILE + "-wal"), "x".repeat(100));
        refused("write-ahead log");
        assertThat(directory.resolve(Connections.FILE)).doesNotExist();
    }

    @Test
    void pagesDamagedInACrashAreFoundAtOpening() throws IOException {
        Path copy = directory.resolve("copy");
        Files.createDirectory(copy);
        try (var bench = new Bench(directory)) {
            for (int i = 0; i < 200; i++) {
                bench.put("k" + i, new byte[500]);
            }
            Bench.await(bench.ledger.directory().account("other", true));
            checkpoint();
            Files.copy(directory.resolve(Connections.FILE), copy.resolve(Connections.FILE));
        }
        directory = copy;
        byte[] garbage = new byte[4_096 * 30];
        java.util.Arrays.fill(garbage, (byte) 0x55);
        overwrite(4_096 * 10, garbage);
        assertThatThrownBy(() -> Sqlite.open(Bench.config(directory)))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("damaged")
                .hasMessageContaining("restore");
    }

    @Test
    void whatWasAcknowledgedSurvivesADeathWithoutClose() throws IOException {
        Path copy = directory.resolve("copy");
        Files.createDirectory(copy);
        try (var bench = new Bench(directory)) {
            for (int i = 0; i < 100; i++) {
                bench.put("k" + i, new byte[2_000]);
            }
            bench.delete("k7");
            for (String name : new String[] {Connections.FILE, Connections.FILE + "-wal"}) {
                Files.copy(directory.resolve(name), copy.resolve(name));
            }
        }
        try (var bench = new Bench(copy)) {
            for (int i = 0; i < 100; i++) {
                assertThat(bench.holds("k" + i)).isEqualTo(i != 7);
            }
        }
    }

    @Test
    void uploadsThatNobodyCanBindAreSweptAfterOpening() {
        try (var bench = new Bench(directory)) {
            long id = Bench.await(bench.ledger.payloads().begin());
            Bench.await(bench.ledger.payloads().append(id, 0, new byte[1_000]));
            assertThat(Bench.await(bench.ledger.payloads().sweep(10))).isZero();
        }
        try (var bench = new Bench(directory)) {
            assertThat(Bench.await(bench.ledger.payloads().sweep(10))).isEqualTo(1);
        }
    }

    @Test
    void payloadsAreSweptOnceNothingHasNamedThemForAnHour() throws Exception {
        try (var bench = new Bench(directory)) {
            bench.put("a", new byte[200_000]);
            bench.put("b", new byte[15_000_000]);
            bench.delete("a");
            bench.delete("b");
            bench.put("c", new byte[1]);
            while (Bench.await(bench.ledger.log().trim(Long.MAX_VALUE, Long.MAX_VALUE)) > 0) {
                // A share at a time.
            }
        }
        sql("update payload set unreferenced_at = unreferenced_at - 3600001 where refs = 0");
        try (var bench = new Bench(directory)) {
            assertThat(Bench.await(bench.ledger.payloads().sweep(10))).isEqualTo(2);
        }
        assertThat(count("select count(*) from chunk")).isZero();
        assertThat(count("select count(*) from payload")).isZero();
    }

    @Test
    void settingsAreChecked() {
        assertThatThrownBy(() -> new SqliteConfig(directory, io.drey.ledger.Durability.OS, 0, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SqliteConfig(directory, io.drey.ledger.Durability.OS, 1, -1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void refused(String words) {
        assertThatThrownBy(() -> Sqlite.open(Bench.config(directory)))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining(words)
                .hasMessageNotContaining("\n");
    }

    /** Copies the whole write-ahead log into the file, however busy the ledger's own checkpoints are with it. */
    private void checkpoint() {
        await().until(() -> count("pragma wal_checkpoint(truncate)") == 0);
    }

    private void sql(String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(Connections.FILE));
                var sql = connection.createStatement()) {
            sql.execute(statement);
        }
    }

    private long count(String query) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve(Connections.FILE));
                var sql = connection.createStatement();
                var result = sql.executeQuery(query)) {
            return result.getLong(1);
        }
    }

    private void overwrite(long at, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(directory.resolve(Connections.FILE), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(bytes), at);
        }
    }
}
