// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.awaitility.Awaitility.await;

import io.drey.contract.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Nodes of one cluster as processes of their own over one PostgreSQL. All nodes that there may ever be have their ports
 * from the beginning and are told of each other; which of them run is the test's business. Nothing runs on after
 * {@link #close}.
 */
final class Cluster implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final int TAIL_LINES = 60;

    private final List<ServerProcess> nodes = new ArrayList<>();
    private final Set<Integer> inService = new ConcurrentSkipListSet<>();

    /**
     * Nodes on the loopback address, none started.
     *
     * @param directory for their data directories
     * @param size how many there may be at once
     * @param storageUrl what each is told of the database, so that each may have a way of its own to it
     */
    Cluster(Path directory, int size, IntFunction<String> storageUrl) {
        this(directory, IntStream.range(0, size).mapToObj(any -> "127.0.0.1").toList(), storageUrl);
    }

    /** Nodes at addresses of their own. */
    Cluster(Path directory, List<String> hosts, IntFunction<String> storageUrl) {
        var ports = hosts.stream().map(host -> ServerProcess.freePort()).toList();
        var members = IntStream.range(0, hosts.size())
                .mapToObj(i -> hosts.get(i) + ":" + ports.get(i))
                .collect(Collectors.joining(","));
        for (int i = 0; i < hosts.size(); i++) {
            nodes.add(new ServerProcess(made(directory.resolve("node-" + i)))
                    .at(hosts.get(i))
                    .withJava("-Xmx256m")
                    .with(
                            "--storage.url=" + storageUrl.apply(i),
                            "--cluster.enabled=true",
                            "--cluster.host=" + hosts.get(i),
                            "--cluster.port=" + ports.get(i),
                            "--cluster.members=" + members,
                            "--event-bus.port=" + ServerProcess.freePort()));
        }
    }

    /** One database, reached directly by all. */
    static Cluster over(PostgresServer postgres, String database, Path directory, int size) {
        return new Cluster(directory, size, any -> postgres.url(database));
    }

    /** Settings for all nodes, from their next start on. */
    Cluster with(String... settings) {
        nodes.forEach(node -> node.with(settings));
        return this;
    }

    /** Starts all nodes at one instant. */
    Cluster start() {
        return start(IntStream.range(0, nodes.size()).toArray());
    }

    /** Starts these at one instant and waits until each says that it is ready. */
    Cluster start(int... indexes) {
        launch(indexes);
        for (int index : indexes) {
            awaitReady(index);
        }
        return this;
    }

    /** Starts these without waiting for them. */
    void launch(int... indexes) {
        for (int index : indexes) {
            nodes.get(index).launch();
            inService.add(index);
        }
    }

    void awaitReady(int index) {
        try {
            nodes.get(index).awaitReady(PATIENCE);
        } catch (ConditionTimeoutException e) {
            throw new AssertionError("node " + index + " does not get ready: " + health(index) + tail(index), e);
        }
    }

    /** Waits until every running node sees so many members and nothing moves. */
    void awaitSettled() {
        int running = running().size();
        try {
            await().atMost(PATIENCE).pollInterval(LOOK).until(() -> running().stream()
                    .allMatch(index -> isSettled(index, running)));
        } catch (ConditionTimeoutException e) {
            var seen = running().stream()
                    .map(index -> "\nnode " + index + ": " + get(index, "/v1/cluster"))
                    .collect(Collectors.joining());
            throw new AssertionError("the cluster does not settle to " + running + " members" + seen, e);
        }
    }

    /** SIGKILL for all that run, as close to one instant as a loop gets. */
    void killAll() {
        running().parallelStream().forEach(index -> nodes.get(index).kill());
    }

    /** Ends a node in order; clients are not sent there any more. */
    void remove(int index) {
        inService.remove(index);
        nodes.get(index).stop();
    }

    ServerProcess node(int index) {
        return nodes.get(index);
    }

    int size() {
        return nodes.size();
    }

    /** The nodes that clients know of: those that were started and not removed. */
    List<ServerProcess> inService() {
        return inService.stream().map(nodes::get).toList();
    }

    /** The indexes of the nodes whose processes live. */
    List<Integer> running() {
        return IntStream.range(0, nodes.size())
                .filter(index -> nodes.get(index).isAlive())
                .boxed()
                .toList();
    }

    /** Does what a story does; when that fails, the end of what each node has printed goes before the failure. */
    void tell(Story story) throws Exception {
        try {
            story.run();
        } catch (Exception | AssertionError e) {
            for (int i = 0; i < nodes.size(); i++) {
                System.out.println("---- node " + i + (nodes.get(i).isAlive() ? "" : ", which does not run") + tail(i));
            }
            throw e;
        }
    }

    /** The last lines that a node has printed since its last start. */
    String tail(int index) {
        return "\n" + lastLines(nodes.get(index).output())
                + lastLines(nodes.get(index).errors());
    }

    @Override
    public void close() {
        nodes.forEach(ServerProcess::close);
    }

    private boolean isSettled(int index, int members) {
        try (var client = nodes.get(index).client(Duration.ofSeconds(5))) {
            var cluster = client.get("/v1/cluster").json();
            return cluster.path("members").size() == members
                    && cluster.path("caughtUp").asBoolean()
                    && cluster.path("state").asText().equals("active");
        } catch (IOException | RuntimeException e) {
            return false;
        }
    }

    private String health(int index) {
        return get(index, "/health/ready");
    }

    private String get(int index, String path) {
        try (var client = nodes.get(index).client(Duration.ofSeconds(5))) {
            Reply reply = client.get(path);
            return reply.toString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    private static String lastLines(String text) {
        var lines = text.lines().toList();
        return lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()).stream()
                .map(line -> line + "\n")
                .collect(Collectors.joining());
    }

    private static Path made(Path directory) {
        try {
            return Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a test does. */
    interface Story {
        void run() throws Exception;
    }
}
