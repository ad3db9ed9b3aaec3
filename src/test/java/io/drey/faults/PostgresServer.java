// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL server of the test's own: its programs from the class path, its data in a temporary directory, on a port
 * of its own that stays the same through all starts. It asks for a password and has the user {@value #USER}, who may do
 * anything. It can be stopped, killed, paused, made read-only and put back to an older state. For one thread at a time;
 * no process outlives this JVM.
 */
public final class PostgresServer implements AutoCloseable {
    /** The user of every {@link #url}. */
    public static final String USER = "drey";

    /** That user's password. */
    public static final String PASSWORD = "a-password";

    private static final String MAINTENANCE = "postgres";
    private static final Duration START = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 30;
    private static final int LOG_LINES = 60;
    private static final Set<PostgresServer> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(PostgresServer::endQuietly)));
    }

    private final Path programs;
    private final Path directory;
    private final Path data;
    private final Path log;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final int port = ServerProcess.freePort();
    private String host = "127.0.0.1";
    private List<String> wrapper = List.of();
    private Process process;
    private int snapshots;

    /** A server with nothing in it, not started yet. */
    public PostgresServer() {
        try {
            programs = PostgresBinaries.directory().resolve("bin");
            directory = Files.createTempDirectory("drey-postgres-data");
            data = directory.resolve("data");
            log = directory.resolve("log");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A setting of the server, such as {@code max_connections}, for all starts from the next on. */
    public PostgresServer with(String setting, String value) {
        settings.put(setting, value);
        return this;
    }

    /** The address to listen at and to be reached at, in place of the loopback address. */
    PostgresServer at(String address) {
        host = address;
        return this;
    }

    /** Another program that runs the server. */
    PostgresServer under(String... command) {
        wrapper = List.of(command);
        return this;
    }

    /** Starts the server, the first time with an empty database; returns when it takes connections. */
    public PostgresServer start() {
        assertThat(isAlive()).as("runs already").isFalse();
        try {
            if (!Files.exists(data)) {
                create();
            }
            process = new ProcessBuilder(command())
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        STARTED.add(this);
        await().atMost(START).pollInterval(Duration.ofMillis(20)).until(() -> !isAlive() || takesConnections());
        assertThat(isAlive()).as("PostgreSQL has ended: %s", tail()).isTrue();
        return this;
    }

    /** Ends it as an operator would, at once but in order: sessions are ended, what was committed is on the disk. */
    public void stop() {
        Signals.send("INT", process.toHandle());
        awaitEnd();
    }

    /** SIGKILL for the server and all its processes, as if the machine had lost its power but not its disk's cache. */
    public void killHard() {
        Signals.killAll(process.toHandle());
        awaitEnd();
    }

    /** Stops and starts. */
    public void restart() {
        stop();
        start();
    }

    /** Lets every process of the server stand still; connections stay open and nobody answers. */
    public void pause() {
        Signals.sendToAll("STOP", process.toHandle());
    }

    public void resume() {
        Signals.sendToAll("CONT", process.toHandle());
    }

    /** Whether transactions may only read from now on, those of sessions that are open included. */
    public void readOnly(boolean readOnly) {
        execute(MAINTENANCE, "alter system set default_transaction_read_only = " + (readOnly ? "on" : "off"));
        execute(MAINTENANCE, "select pg_reload_conf()");
        await().atMost(START)
                .until(() -> setting("default_transaction_read_only").equals(readOnly ? "on" : "off"));
    }

    /**
     * A copy of the data as they are now, for {@link #restore}; a running server is stopped for it and started again.
     */
    public Path snapshot() {
        boolean wasAlive = isAlive();
        if (wasAlive) {
            stop();
        }
        var copy = directory.resolve("snapshot-" + ++snapshots);
        try {
            Directories.copy(data, copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (wasAlive) {
            start();
        }
        return copy;
    }

    /** Puts an older state back and starts with it: what was committed since then is gone. */
    public void restore(Path snapshot) {
        if (isAlive()) {
            stop();
        }
        try {
            Directories.delete(data);
            Directories.copy(snapshot, data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start();
    }

    public PostgresServer createDatabase(String name) {
        execute(MAINTENANCE, "create database \"" + name + "\"");
        return this;
    }

    /** How a node is told of a database. */
    public String url(String database) {
        return url(database, host, port);
    }

    /** How a node is told of a database behind a proxy on the loopback address. */
    public String url(String database, TcpProxy proxy) {
        return url(database, "127.0.0.1", proxy.port());
    }

    /** A session of the test's own, for {@link #USER}. */
    public Connection connect(String database) throws SQLException {
        var properties = new Properties();
        properties.setProperty("user", USER);
        properties.setProperty("password", PASSWORD);
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", "20");
        return DriverManager.getConnection("jdbc:postgresql://" + host + ":" + port + "/" + database, properties);
    }

    public String host() {
        return host;
    }

    public int port() {
        return port;
    }

    public boolean isAlive() {
        return process != null && process.isAlive();
    }

    /** The last lines of the server's log. */
    public String tail() {
        try (var lines = Files.lines(log)) {
            var all = lines.toList();
            return String.join("\n", all.subList(Math.max(0, all.size() - LOG_LINES), all.size()));
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Ends the server, and deletes its data and snapshots. */
    @Override
    public void close() {
        if (isAlive()) {
            resume();
            // Unlike a kill this gives the shared memory back.
            Signals.send("QUIT", process.toHandle());
            awaitEnd();
        }
        STARTED.remove(this);
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String url(String database, String address, int through) {
        return "postgresql://" + USER + ":" + PASSWORD + "@" + address + ":" + through + "/" + database;
    }

    private void create() throws IOException {
        var password = Files.writeString(directory.resolve("password"), PASSWORD);
        var command = command(
                List.of(),
                "initdb",
                "--pgdata=" + data,
                "--username=" + USER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        var created = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        try {
            assertThat(created.waitFor(START.toSeconds(), TimeUnit.SECONDS) && created.exitValue() == 0)
                    .as("initdb: %s", tail())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Files.writeString(
                data.resolve("pg_hba.conf"), "host all all all scram-sha-256\n", StandardOpenOption.TRUNCATE_EXISTING);
    }

    private List<String> command() {
        var command = command(
                wrapper,
                "postgres",
                "-D",
                data.toString(),
                "-p",
                String.valueOf(port),
                "-c",
                "listen_addresses=" + host,
                // A path in the temporary directory may be too long for a socket.
                "-c",
                "unix_socket_directories=",
                // Nothing stays behind in /dev/shm when all processes are killed.
                "-c",
                "dynamic_shared_memory_type=mmap");
        settings.forEach((name, value) -> command.addAll(List.of("-c", name + "=" + value)));
        return command;
    }

    /** PostgreSQL refuses root; in a user namespace of its own root is nobody, and owns its files all the same. */
    private List<String> command(List<String> before, String program, String... arguments) {
        var command = new ArrayList<>(before);
        if ("root".equals(System.getProperty("user.name"))) {
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private void execute(String database, String statement) {
        try (var connection = connect(database);
                var call = connection.createStatement()) {
            call.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(statement, e);
        }
    }

    private String setting(String name) throws SQLException {
        try (var connection = connect(MAINTENANCE);
                var call = connection.createStatement();
                var found = call.executeQuery("show " + name)) {
            found.next();
            return found.getString(1);
        }
    }

    private boolean takesConnections() {
        try (var connection = connect(MAINTENANCE)) {
            return connection.isValid(5);
        } catch (SQLException e) {
            return false;
        }
    }

    private void awaitEnd() {
        try {
            assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS))
                    .as("PostgreSQL ends: %s", tail())
                    .isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void endQuietly() {
        if (isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
