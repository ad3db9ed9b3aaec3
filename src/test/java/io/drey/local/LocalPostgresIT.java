// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The PostgreSQL of {@code run.sh cluster}: its data outlives every kind of end, and no kind of end hinders a start. */
class LocalPostgresIT {
    /** Unpacked once for all tests. */
    private static final Path ARCHIVES = Path.of("target", "postgres");

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;

    private final int port = freePort();
    private final List<LocalPostgres> started = new ArrayList<>();
    private final List<Process> starters = new ArrayList<>();
    private Path directory;

    @BeforeEach
    void chooseDirectory() {
        directory = temporary.resolve("postgres");
    }

    @AfterEach
    void endAll() throws IOException {
        started.forEach(LocalPostgres::close);
        starters.forEach(Process::destroyForcibly);
        if (Files.isDirectory(data())) {
            Postmaster.processes(data()).forEach(ProcessHandle::destroyForcibly);
            await().until(() -> Postmaster.processes(data()).isEmpty());
        }
    }

    @Test
    void dataOutlivesStops() throws Exception {
        var first = postgres(port);
        var url = first.start();
        query(url, "create table nuts as select 7 as weight");
        first.close();
        assertThatThrownBy(() -> query(url, "select 1")).isInstanceOf(SQLException.class);
        assertThat(Postmaster.processes(data())).isEmpty();

        assertThat(postgres(port).start()).isEqualTo(url);
        assertThat(query(url, "select weight from nuts")).isEqualTo("7");
    }

    @Test
    void commitsAreOnTheDisk() throws Exception {
        var url = postgres(port).start();
        assertThat(query(url, "select current_setting('fsync') || ' ' || current_setting('synchronous_commit')"))
                .isEqualTo("on on");
    }

    @Test
    void onlyTheOwnerOfTheFilesConnects() throws Exception {
        var url = postgres(port).start();
        assertThatThrownBy(() -> new Socket("127.0.0.2", port).close()).isInstanceOf(ConnectException.class);
        assertThat(query(url, "select current_setting('is_superuser')")).isEqualTo("off");
        var password = directory.resolve("password");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(password)))
                .isEqualTo("rw-------");
        var secret = Files.readString(password).strip();
        assertThat(url).contains(secret);
        assertThatThrownBy(() -> query(url.replace(secret, "guess"), "select 1"))
                .hasMessageContaining("password authentication failed");
        assertThatThrownBy(() -> query(url.replace("drey:", "postgres:"), "select 1"))
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void removedPasswordIsReplaced() throws Exception {
        var first = postgres(port);
        var url = first.start();
        first.close();
        Files.delete(directory.resolve("password"));
        var second = postgres(port).start();
        assertThat(second).isNotEqualTo(url);
        assertThat(query(second, "select 1")).isEqualTo("1");
        assertThatThrownBy(() -> query(url, "select 1")).hasMessageContaining("password authentication failed");
    }

    @Test
    void serverOfAKilledStarterIsTakenOver() throws Exception {
        var starter = starter();
        var url = url(starter);
        query(url, "create table nuts as select 7 as weight");
        var begun = query(url, "select pg_postmaster_start_time()");
        kill(starter.toHandle());

        var next = postgres(port);
        assertThat(next.start()).isEqualTo(url);
        assertThat(query(url, "select pg_postmaster_start_time()")).isEqualTo(begun);
        next.close();
        assertThat(Postmaster.processes(data())).isEmpty();
    }

    @Test
    void serverOfAKilledStarterMakesRoomForOneOnAnotherPort() throws Exception {
        var starter = starter();
        query(url(starter), "create table nuts as select 7 as weight");
        kill(starter.toHandle());

        var url = postgres(freePort()).start();
        assertThat(query(url, "select weight from nuts")).isEqualTo("7");
        assertThatThrownBy(() -> query(url(starter), "select 1")).isInstanceOf(SQLException.class);
    }

    @Test
    void killedServerStartsAgain() throws Exception {
        var first = postgres(port);
        var url = first.start();
        query(url, "create table nuts as select 7 as weight");
        kill(Postmaster.of(data()).orElseThrow().process());
        assertThatExceptionOfType(LocalPostgresException.class)
                .isThrownBy(first::awaitEnd)
                .withMessageContaining("by itself");
        first.close();
        // Its number may belong to anybody by now: to this process, for one.
        var file = data().resolve("postmaster.pid");
        var lines = Files.readAllLines(file);
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(file, lines);

        assertThat(postgres(port).start()).isEqualTo(url);
        assertThat(query(url, "select weight from nuts")).isEqualTo("7");
    }

    @Test
    void halfMadeDataIsMadeAnew() throws Exception {
        Files.createDirectories(directory.resolve("data.new/base"));
        Files.writeString(directory.resolve("data.new/PG_VERSION"), "17\n");
        assertThat(query(postgres(port).start(), "select 1")).isEqualTo("1");
    }

    @Test
    void portInUseIsRefused() throws Exception {
        try (var taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
            assertThat(taken.isBound()).isTrue();
            assertThatExceptionOfType(LocalPostgresException.class)
                    .isThrownBy(postgres(port)::start)
                    .withMessageContaining("Port " + port);
            assertThat(data()).doesNotExist();
        }
        assertThat(query(postgres(port).start(), "select 1")).isEqualTo("1");
    }

    @Test
    void directoryInUseIsRefused() throws Exception {
        var url = url(starter());
        assertThatExceptionOfType(LocalPostgresException.class)
                .isThrownBy(postgres(port)::start)
                .withMessageContaining("another process");
        assertThat(query(url, "select 1")).isEqualTo("1");
    }

    @Test
    void signalStopsAll() throws Exception {
        var starter = starter();
        var url = url(starter);
        starter.destroy();
        assertThat(starter.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(Postmaster.processes(data())).isEmpty();
        assertThatThrownBy(() -> query(url, "select 1")).isInstanceOf(SQLException.class);
    }

    @Test
    void brokenSettingIsTold() throws Exception {
        postgres(port).start();
        started.get(0).close();
        Files.writeString(data().resolve("pg_hba.conf"), "nonsense\n");
        assertThatExceptionOfType(LocalPostgresException.class)
                .isThrownBy(postgres(port)::start)
                .withMessageContaining("FATAL")
                .withMessageContaining("pg_hba.conf");
        assertThat(Postmaster.processes(data())).isEmpty();
    }

    private Path data() {
        return directory.resolve("data");
    }

    private LocalPostgres postgres(int port) {
        var postgres = new LocalPostgres(directory, ARCHIVES, port);
        started.add(postgres);
        return postgres;
    }

    /** Another process that has started it. */
    private Process starter() throws IOException {
        var process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName(),
                        "--data.dir=" + directory,
                        "--port=" + port)
                .redirectErrorStream(true)
                .redirectOutput(output().toFile())
                .start();
        starters.add(process);
        return process;
    }

    private Path output() {
        return temporary.resolve("output");
    }

    /** The URL that {@code starter} prints when it is ready. */
    private String url(Process starter) throws IOException {
        await().atMost(PATIENCE)
                .until(() -> !starter.isAlive() || Files.readString(output()).contains("URL: "));
        var printed = Files.readString(output());
        assertThat(printed).contains("URL: postgresql://");
        return printed.substring(printed.indexOf("URL: ") + "URL: ".length()).strip();
    }

    private static void kill(ProcessHandle process) {
        process.destroyForcibly();
        await().atMost(PATIENCE).until(() -> Postmaster.isGone(process));
    }

    /** The first column of the first row, or null when there is none. */
    private static String query(String url, String sql) throws SQLException {
        var uri = URI.create(url);
        var user = uri.getUserInfo().split(":");
        var jdbc = "jdbc:postgresql://" + uri.getHost() + ":" + uri.getPort() + uri.getPath();
        try (var connection = DriverManager.getConnection(jdbc, user[0], user[1]);
                var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return null;
            }
            try (var rows = statement.getResultSet()) {
                rows.next();
                return rows.getString(1);
            }
        }
    }

    /** Below the ports that connections get on their own side, one of which could take ours between two starts. */
    private static int freePort() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Another has it; the next one, then.
            }
        }
    }
}
