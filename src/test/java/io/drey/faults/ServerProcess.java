// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * A server in a process of its own: set up, started, stopped or killed, and started again on the same port and
 * directory. What it printed is kept for each start. No process outlives this JVM.
 */
final class ServerProcess implements AutoCloseable {
    static final String TOKEN = "the-token-of-these-tests";

    private static final Duration START = Duration.ofSeconds(60);
    private static final long STOP_SECONDS = 30;
    private static final int READ_MILLIS = 30_000;
    /** Below the ports that connections get on their own side, one of which could take ours between two starts. */
    private static final int PORT_MIN = 20_000;

    private static final int PORT_MAX = 30_000;
    /** As run.sh gives them, where the reasons stand; then what suits a server that lives for seconds. */
    private static final List<String> FLAGS = List.of(
            "--add-modules=java.se",
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED",
            "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
            "-XX:+ExitOnOutOfMemoryError",
            "-XX:TieredStopAtLevel=1");

    private static final Set<ServerProcess> STARTED = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STARTED.forEach(ServerProcess::end)));
    }

    private final Path directory;
    private final int port = freePort();
    private final Map<String, String> environment = new LinkedHashMap<>(Map.of("DREY_ADMIN_TOKEN", TOKEN));
    private final List<String> settings = new ArrayList<>();
    private final List<String> javaFlags = new ArrayList<>();
    private final List<Path> printed = new ArrayList<>();
    private List<String> wrapper = List.of();
    private String host = "127.0.0.1";
    private Process process;
    private Path output;
    private Path errors;

    ServerProcess(Path directory) {
        this.directory = directory;
    }

    /** Settings as they stand on the command line, for all starts from the next on. */
    ServerProcess with(String... flags) {
        settings.addAll(List.of(flags));
        return this;
    }

    ServerProcess withJava(String... flags) {
        javaFlags.addAll(List.of(flags));
        return this;
    }

    /** A variable of the environment; null takes it away. */
    ServerProcess withEnvironment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Another program that runs the server, none to run it directly again. */
    ServerProcess under(String... command) {
        wrapper = List.of(command);
        return this;
    }

    /** The address to listen at and to be reached at, in place of the loopback address. */
    ServerProcess at(String address) {
        host = address;
        return with("--http.host=" + address);
    }

    /** Starts the process and returns at once. */
    ServerProcess launch() {
        assertThat(isAlive()).as("runs already").isFalse();
        try {
            output = Files.createTempFile("drey-faults", ".out");
            errors = Files.createTempFile("drey-faults", ".err");
            printed.addAll(List.of(output, errors));
            var builder = new ProcessBuilder(command())
                    .redirectOutput(output.toFile())
                    .redirectError(errors.toFile());
            var variables = builder.environment();
            variables.keySet().removeIf(name -> name.startsWith("DREY_"));
            environment.forEach((name, value) -> {
                if (value != null) {
                    variables.put(name, value);
                }
            });
            process = builder.start();
            STARTED.add(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    ServerProcess start() {
        return launch().awaitReady();
    }

    ServerProcess awaitReady() {
        return awaitReady(START);
    }

    ServerProcess awaitReady(Duration atMost) {
        await().atMost(atMost).pollInterval(Duration.ofMillis(20)).until(() -> !isAlive() || isReady());
        assertThat(isAlive()).as("the server has ended: %s", all()).isTrue();
        return this;
    }

    /** SIGKILL; returns when the process is gone. */
    void kill() {
        end();
        exitCode();
    }

    /** SIGTERM; the process must end within 30 s. Returns its exit code. */
    int stop() {
        terminate();
        return exitCode();
    }

    /** SIGTERM, without waiting. */
    void terminate() {
        server().destroy();
    }

    /** SIGSTOP: it stands still until {@link #resume}, its connections stay open. */
    void pause() {
        Signals.send("STOP", server());
    }

    void resume() {
        Signals.send("CONT", server());
    }

    /** The exit code of a process that ends by itself; waits 30 s for it. */
    int exitCode() {
        try {
            boolean ended = process.waitFor(STOP_SECONDS, TimeUnit.SECONDS);
            if (!ended) {
                end();
            }
            assertThat(ended).as("ends within %s s: %s", STOP_SECONDS, all()).isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isAlive() {
        return process != null && process.isAlive();
    }

    int port() {
        return port;
    }

    Path directory() {
        return directory;
    }

    WireClient client() {
        return new WireClient(new InetSocketAddress(host, port), TOKEN, READ_MILLIS);
    }

    /** A client that waits no longer for an answer. */
    WireClient client(Duration patience) {
        return new WireClient(new InetSocketAddress(host, port), TOKEN, Math.toIntExact(patience.toMillis()));
    }

    /** What the last start wrote to its standard output; until this is closed. */
    String output() {
        return read(output);
    }

    /** What the last start wrote to its standard error; until this is closed. */
    String errors() {
        return read(errors);
    }

    private String all() {
        return output() + errors();
    }

    /** Kills the process if it still runs. */
    @Override
    public void close() {
        end();
        STARTED.remove(this);
        printed.forEach(file -> file.toFile().delete());
    }

    private void end() {
        if (process != null) {
            // A tracer that is killed would let go of the server, which would live on.
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    private ProcessHandle server() {
        return process.descendants().findFirst().orElse(process.toHandle());
    }

    private boolean isReady() {
        if (!output().contains("Dashboard: http://" + host + ":" + port + "/")) {
            return false;
        }
        try (var client = client()) {
            return client.get("/health/ready").status() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private List<String> command() {
        var command = new ArrayList<>(wrapper);
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(FLAGS);
        command.addAll(javaFlags);
        command.addAll(List.of("-cp", classPath(), "io.drey.Main"));
        command.addAll(List.of("--http.port=" + port, "--data.dir=" + directory));
        command.addAll(settings);
        return command;
    }

    private static String classPath() {
        var jar = System.getProperty("drey.jar");
        if (jar != null && Files.isRegularFile(Path.of(jar))) {
            return jar;
        }
        return System.getProperty("java.class.path");
    }

    private static String read(Path file) {
        try {
            return file == null ? "" : Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static int freePort() {
        var random = ThreadLocalRandom.current();
        while (true) {
            int port = random.nextInt(PORT_MIN, PORT_MAX);
            try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return socket.getLocalPort();
            } catch (IOException e) {
                // Another has it; the next one, then.
            }
        }
    }
}
