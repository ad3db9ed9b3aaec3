// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run.sh cluster} as a user meets it: three nodes that are one store, and nothing left when it ends. */
class ClusterCommandIT {
    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final String RECORD = "/v1/stores/nuts/records/hazel";
    private static final Pattern NODE = Pattern.compile("^Node \\d: +(http://\\S+)$", Pattern.MULTILINE);
    private static final Duration START = Duration.ofSeconds(120);
    /** Five seconds are promised; the rest is for a busy machine. */
    private static final Duration FAILOVER = Duration.ofSeconds(15);

    private static final Duration STOP = Duration.ofSeconds(60);

    @TempDir
    private Path temporary;

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Process> started = new ArrayList<>();

    /** The first of three ports each for HTTP, members and the event bus, then PostgreSQL's. */
    private final int port = freePorts();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroy);
        await().atMost(STOP).until(() -> started.stream().noneMatch(Process::isAlive));
        processes().forEach(ProcessHandle::destroyForcibly);
    }

    @Test
    void threeNodesAreOneStoreUntilTheSignal() throws Exception {
        var cluster = startCluster();
        var nodes = awaitNodes(cluster);
        assertThat(nodes).hasSize(3);
        assertThat(lastLine("cluster"))
                .startsWith("Try: ")
                .contains("admin.token")
                .contains(nodes.get(0));

        putRecord(nodes.get(0));
        assertRecord(nodes.get(2));

        cluster.destroy();
        assertThat(cluster.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(processes()).isEmpty();
    }

    @Test
    void killedNodeIsReportedAndComesBack() throws Exception {
        var cluster = startCluster();
        var nodes = awaitNodes(cluster);
        putRecord(nodes.get(1));
        kill("node-2");
        await().atMost(STOP).until(() -> printed("cluster").contains("node-2 has ended"));
        await().atMost(FAILOVER).ignoreExceptions().untilAsserted(() -> assertRecord(nodes.get(2)));

        var second = start("node", "node", "2", "--data.dir=" + directory());
        await().atMost(START).until(() -> !second.isAlive() || printed("node").contains("Try: "));
        assertThat(second.isAlive()).as(printed("node")).isTrue();
        await().atMost(FAILOVER).ignoreExceptions().untilAsserted(() -> assertRecord(nodes.get(1)));

        cluster.destroy();
        assertThat(cluster.waitFor(STOP.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(processes())
                .as("the second node, too, ends before its database")
                .isEmpty();
        assertThat(printed("cluster")).contains("node-2 is back");
    }

    @Test
    void portInUseEndsTheStartWithOneLine() throws Exception {
        try (var taken = new ServerSocket(port + 1, 1, InetAddress.getLoopbackAddress())) {
            var cluster = startCluster();
            assertThat(cluster.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(cluster.exitValue()).isEqualTo(1);
            assertThat(lastLine("cluster")).startsWith("run.sh: ").contains("" + taken.getLocalPort());
        }
        assertThat(processes()).isEmpty();
    }

    @Test
    void portOfPostgresInUseEndsTheStartWithOneLine() throws Exception {
        try (var taken = new ServerSocket(port + 9, 1, InetAddress.getLoopbackAddress())) {
            var cluster = startCluster();
            assertThat(cluster.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
            assertThat(cluster.exitValue()).isEqualTo(1);
            assertThat(lastLine("cluster")).startsWith("run.sh: postgres").contains("" + taken.getLocalPort());
        }
        assertThat(processes()).isEmpty();
    }

    @Test
    void unknownFlagEndsTheStartWithOneLine() throws Exception {
        var cluster = startCluster("--http.prot=8080");
        assertThat(cluster.waitFor(START.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(cluster.exitValue()).isEqualTo(1);
        assertThat(lastLine("cluster")).startsWith("run.sh: node-1").contains("http.prot");
        assertThat(processes()).isEmpty();
    }

    private Path directory() {
        return temporary.resolve("data");
    }

    private Process startCluster(String... more) throws IOException {
        var words = new ArrayList<>(List.of(
                "cluster",
                "--data.dir=" + directory(),
                "--http.port=" + port,
                "--cluster.port=" + (port + 3),
                "--event-bus.port=" + (port + 6),
                "--postgres.port=" + (port + 9)));
        words.addAll(List.of(more));
        return start("cluster", words.toArray(String[]::new));
    }

    private Process start(String name, String... words) throws IOException {
        var command = new ArrayList<>(List.of(HOME.resolve("run.sh").toString()));
        command.addAll(List.of(words));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output(name).toFile());
        builder.environment().keySet().removeIf(variable -> variable.startsWith("DREY_"));
        var process = builder.start();
        started.add(process);
        return process;
    }

    private List<String> awaitNodes(Process cluster) throws IOException {
        await().atMost(START)
                .until(() -> !cluster.isAlive() || printed("cluster").contains("Try: "));
        assertThat(cluster.isAlive()).as(printed("cluster")).isTrue();
        return NODE.matcher(printed("cluster"))
                .results()
                .map(match -> match.group(1))
                .toList();
    }

    private void kill(String name) throws IOException {
        var file = directory().resolve("cluster").resolve(name).resolve("pid");
        var process = ProcessHandle.of(Long.parseLong(Files.readString(file).strip()));
        process.orElseThrow().destroyForcibly();
    }

    /** Whatever runs for this cluster, PostgreSQL's own processes included. */
    private List<ProcessHandle> processes() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").contains(temporary.toString()))
                .toList();
    }

    private void putRecord(String node) throws Exception {
        assertThat(send(node, "POST", "/v1/stores", "{\"name\": \"nuts\"}").statusCode())
                .isEqualTo(201);
        assertThat(send(node, "PUT", RECORD, "7").statusCode()).isEqualTo(201);
    }

    private void assertRecord(String node) throws Exception {
        assertThat(send(node, "GET", RECORD, "").body()).isEqualTo("7");
    }

    private HttpResponse<String> send(String node, String method, String path, String body) throws Exception {
        var token = Files.readString(directory().resolve("cluster/admin.token")).strip();
        var request = HttpRequest.newBuilder(URI.create(node + path))
                .timeout(Duration.ofSeconds(10))
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return http.send(request, BodyHandlers.ofString());
    }

    private Path output(String name) {
        return temporary.resolve(name + ".output");
    }

    private String printed(String name) throws IOException {
        return Files.readString(output(name));
    }

    private String lastLine(String name) throws IOException {
        var lines = printed(name).lines().toList();
        return lines.get(lines.size() - 1);
    }

    /** The first of ten free ports, below those that connections get on their own side. */
    private static int freePorts() {
        while (true) {
            int first = ThreadLocalRandom.current().nextInt(20_000, 30_000);
            if (areFree(first, 10)) {
                return first;
            }
        }
    }

    private static boolean areFree(int first, int count) {
        for (int port = first; port < first + count; port++) {
            try {
                new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            } catch (IOException e) {
                return false;
            }
        }
        return true;
    }
}
