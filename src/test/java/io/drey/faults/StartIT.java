// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Starts that must not succeed: each ends with one line that says why and leaves the directory as it was. Then what a
 * first start tells, and what becomes of a damaged value.
 */
class StartIT {
    private static final String RECORDS = "/v1/stores/start/records/";

    @TempDir
    Path temporary;

    private Path directory() {
        return temporary.resolve("data");
    }

    @Test
    void fileInThePlaceOfTheDirectoryIsRefused() throws Exception {
        Files.writeString(directory(), "not a directory");
        refused(new ServerProcess(directory()), 1, "data.dir", directory().toString());
        assertThat(directory()).hasContent("not a directory");
    }

    @Test
    void directoryThatCannotBeWrittenIsRefused() throws Exception {
        try (var disk = TemporaryDisk.mount(directory(), "ro,size=1m")) {
            refused(
                    new ServerProcess(disk.directory()),
                    1,
                    "data.dir",
                    directory().toString(),
                    "cannot be written");
        }
    }

    @Test
    void portInUseIsRefused() throws Exception {
        var server = new ServerProcess(directory());
        try (var taken = new ServerSocket(server.port(), 1, InetAddress.getLoopbackAddress())) {
            assertThat(taken.isBound()).isTrue();
            try (server) {
                assertThat(server.launch().exitCode()).isEqualTo(1);
                assertThat(server.errors().lines())
                        .singleElement()
                        .asString()
                        .contains("http.port", String.valueOf(server.port()));
            }
        }
    }

    @Test
    void secondProcessOnOneDirectoryIsRefusedAndTheFirstGoesOn() throws Exception {
        try (var first = new ServerProcess(directory()).start();
                var client = first.client()) {
            refusedBesideAnother(new ServerProcess(directory()));
            assertThat(client.post("/v1/stores", "{\"name\":\"still-there\"}").status())
                    .isEqualTo(201);
            assertThat(first.stop()).isIn(0, 143);
        }
    }

    private static void refusedBesideAnother(ServerProcess second) {
        try (second) {
            assertThat(second.launch().exitCode()).isEqualTo(1);
            assertThat(second.errors().lines()).singleElement().asString().contains("in use by another Drey process");
        }
    }

    @Test
    void misspelledFlagIsRefused() throws Exception {
        refused(new ServerProcess(directory()).with("--http.prot=1"), 2, "http.prot", "http.port");
    }

    @Test
    void misspelledVariableIsRefused() throws Exception {
        refused(
                new ServerProcess(directory()).withEnvironment("DREY_HTTP_PROT", "1"),
                2,
                "DREY_HTTP_PROT",
                "DREY_HTTP_PORT");
    }

    @Test
    void misspelledKeyInTheFileIsRefused() throws Exception {
        var file = Files.writeString(temporary.resolve("other.yaml"), "http:\n  prot: 1\n");
        refused(
                new ServerProcess(directory()).withEnvironment("DREY_CONFIG", file.toString()),
                2,
                "http.prot",
                "http.port");
    }

    @Test
    void wrongValuesAreRefused() throws Exception {
        refused(new ServerProcess(directory()).with("--http.write-timeout=soon"), 2, "http.write-timeout", "soon");
        refused(new ServerProcess(directory()).with("--storage.readers=65"), 2, "storage.readers", "65");
        refused(new ServerProcess(directory()).withEnvironment("DREY_DURABILITY", "disk"), 2, "durability", "disk");
    }

    @Test
    void databaseThatIsDamagedForeignOrTooNewIsRefusedAndLeftAsItIs() throws Exception {
        try (var server = new ServerProcess(directory()).start()) {
            assertThat(server.stop()).isIn(0, 143);
            var database = directory().resolve("drey.db");
            var good = Files.readAllBytes(database);

            overwrite(database, 0, random(4_096));
            refused(server, 1, "drey.db", "not an SQLite database");

            Files.write(database, good);
            overwrite(database, 100, random(8_000));
            refused(server, 1, directory().toString(), "damaged");

            Files.write(database, good);
            sql(database, "pragma user_version = 999");
            refused(server, 1, "drey.db", "newer Drey", "999");

            Files.delete(database);
            sql(database, "create table other (name text)");
            refused(server, 1, "drey.db", "not one of Drey");

            Files.write(database, good);
            server.start();
            assertThat(server.stop()).isIn(0, 143);
        }
    }

    @Test
    void firstStartShowsItsTokenOnceAndAnotherOneReplacesIt() throws Exception {
        var file = directory().resolve("admin.token");
        try (var server = new ServerProcess(directory()).withEnvironment("DREY_ADMIN_TOKEN", null)) {
            server.start();
            var generated = Files.readString(file).strip();
            assertThat(generated).isNotEmpty();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
            assertThat(server.output()).contains(generated, "#token=" + generated);
            assertThat(status(server, generated)).isEqualTo(200);
            server.stop();

            server.start();
            assertThat(server.output()).doesNotContain(generated);
            assertThat(status(server, generated)).isEqualTo(200);
            server.stop();

            server.withEnvironment("DREY_ADMIN_TOKEN", "first-of-mine").start();
            assertThat(status(server, generated)).isEqualTo(401);
            assertThat(status(server, "first-of-mine")).isEqualTo(200);
            assertThat(file).doesNotExist();
            assertThat(server.output()).doesNotContain("first-of-mine");
            server.stop();

            server.withEnvironment("DREY_ADMIN_TOKEN", "second-of-mine").start();
            assertThat(status(server, "first-of-mine")).isEqualTo(401);
            assertThat(status(server, "second-of-mine")).isEqualTo(200);
        }
    }

    private static int status(ServerProcess server, String token) throws IOException {
        try (var client = new WireClient(server.port(), token)) {
            return client.get("/v1/stores").status();
        }
    }

    /** Bytes that have changed on the disk are never served: not as a record, not in a list, not in an export. */
    @Test
    void damagedValueIsNeverServedAndTheOthersAreNotLost() throws Exception {
        var marked = "\"" + "damage-me-".repeat(40) + "\"";
        try (var server = new ServerProcess(directory()).start()) {
            try (var client = server.client()) {
                client.post("/v1/stores", "{\"name\":\"start\"}");
                for (int i = 0; i < 200; i++) {
                    client.put(RECORDS + "record-" + i, i == 100 ? marked : "\"" + "x".repeat(300) + i + "\"");
                }
            }
            assertThat(server.stop()).isIn(0, 143);
            damage(directory().resolve("drey.db"), marked);
            server.start();
            try (var client = server.client()) {
                for (int i = 0; i < 100; i++) {
                    var reply = client.get(RECORDS + "record-" + i);
                    assertThat(reply.status()).isEqualTo(200);
                    assertThat(reply.text()).isEqualTo("\"" + "x".repeat(300) + i + "\"");
                }
                var damaged = client.get(RECORDS + "record-100");
                assertThat(damaged.status()).isEqualTo(503);
                assertThat(damaged.text()).doesNotContain("amage-me-");
                var ready = client.get("/health/ready");
                assertThat(ready.status()).isEqualTo(503);
                assertThat(ready.text()).contains("DOWN", "damaged");
                assertThat(client.get("/health/live").status()).isEqualTo(200);
                assertThat(client.put(RECORDS + "another", "1").status()).isEqualTo(503);
            }
            assertThat(server.stop()).isIn(0, 143);
            server.start();
            try (var client = server.client()) {
                assertThat(client.get(RECORDS + "record-199").text()).isEqualTo("\"" + "x".repeat(300) + "199\"");
                var list = client.get("/v1/stores/start/records?values=true&limit=1000");
                assertThat(list.status()).isEqualTo(503);
            }
        }
    }

    /** Flips one bit in the value of the record, and in every other copy of it, that of the log included. */
    private static void damage(Path database, String marked) throws IOException {
        var text = new String(Files.readAllBytes(database), StandardCharsets.ISO_8859_1);
        int found = 0;
        for (int at = text.indexOf(marked); at >= 0; at = text.indexOf(marked, at + 1)) {
            overwrite(database, at + 200, new byte[] {(byte) (text.charAt(at + 200) ^ 1)});
            found++;
        }
        assertThat(found).isPositive();
    }

    /** The server ends with this exit code and one line that holds the words, and changes nothing in the directory. */
    private void refused(ServerProcess server, int code, String... words) throws Exception {
        var before = contents();
        try (server) {
            assertThat(server.launch().exitCode()).as(server.output()).isEqualTo(code);
            assertThat(server.errors().lines())
                    .singleElement()
                    .asString()
                    .startsWith("drey: ")
                    .contains(words);
            assertThat(server.output()).doesNotContain("Dashboard", "\tat ");
        }
        assertThat(contents()).isEqualTo(before);
    }

    /** What every file under the directory holds, apart from the lock, which is empty. */
    private Map<String, Integer> contents() throws IOException {
        var contents = new TreeMap<String, Integer>();
        if (Files.isDirectory(directory())) {
            try (var files = Files.walk(directory())) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    if (!file.endsWith("drey.lock")) {
                        contents.put(file.toString(), Arrays.hashCode(Files.readAllBytes(file)));
                    }
                }
            }
        }
        return contents;
    }

    private static void overwrite(Path file, long at, byte[] bytes) throws IOException {
        try (var access = new RandomAccessFile(file.toFile(), "rw")) {
            access.seek(at);
            access.write(bytes);
        }
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static void sql(Path database, String statement) throws SQLException {
        try (var connection = DriverManager.getConnection("jdbc:sqlite:" + database)) {
            connection.createStatement().executeUpdate(statement);
        }
    }
}
