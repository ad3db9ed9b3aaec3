// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import io.drey.auth.AdminToken;
import io.drey.auth.Tokens;
import io.drey.cluster.HazelcastNode;
import io.drey.http.Connections;
import io.drey.http.HttpVerticle;
import io.drey.http.NodeView;
import io.drey.http.v1.V1;
import io.drey.ledger.Claims;
import io.drey.ledger.Ledger;
import io.drey.ledger.postgres.Postgres;
import io.drey.ledger.sqlite.Sqlite;
import io.drey.member.Fence;
import io.drey.member.Membership;
import io.drey.partition.PartitionVerticle;
import io.drey.partition.Partitions;
import io.drey.partition.RecordMap;
import io.drey.partition.Repeats;
import io.drey.store.Stores;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One node: its parts, started in order and stopped in reverse. */
final class Node implements NodeView, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final int SALT_BYTES = 16;
    private static final long PARTITIONS_CHECK_NANOS = 2_000_000;
    /** What moves is without an owner for a moment; for longer only after a crash. */
    private static final long MOVE_MILLIS_MAX = 2_000;

    private final NodeConfig config;
    private final PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Deque<AutoCloseable> started = new ArrayDeque<>();
    private final List<HttpVerticle> servers = new ArrayList<>();
    private HazelcastNode hazelcast;
    private Ledger ledger;
    private Membership membership;
    private Partitions partitions;
    private Roster roster;
    private Optional<String> generatedToken = Optional.empty();
    private long clusterId;
    private volatile boolean leaving;

    private Node(NodeConfig config) {
        this.config = config;
    }

    /** Starts all parts; blocks until the node serves. What has started already is stopped when a later part fails. */
    static Node start(NodeConfig config) {
        var node = new Node(config);
        try {
            node.start();
            return node;
        } catch (RuntimeException e) {
            node.close();
            throw e instanceof CompletionException && e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void start() {
        startStorage();
        var scheduler = Executors.newSingleThreadScheduledExecutor(Node::daemon);
        started.push(() -> stop(scheduler));
        membership = new Membership(
                ledger,
                new Claims.Node(
                        hazelcast.name(), hazelcast.address(), url(config.http().port())),
                config.member());
        partitions = new Partitions(hazelcast.instance(), ledger, membership, config.partitions(), scheduler, metrics);
        bindMetrics();

        var vertx = hazelcast.vertx(new VertxOptions()
                .setPreferNativeTransport(true)
                .setEventLoopPoolSize(Math.max(2, config.http().threads())));
        started.push(() -> await(vertx.close()));
        var directory = ledger.directory();
        clusterId = ByteBuffer.wrap(directory
                        .secret("cluster-id", Long.BYTES)
                        .toCompletableFuture()
                        .join())
                .getLong();
        var fence = new Fence(ledger, membership, config.member(), vertx);
        var salt =
                directory.secret("token-salt", SALT_BYTES).toCompletableFuture().join();
        var tokens = new Tokens(ledger, fence, membership.lease(), salt);
        var stores = new Stores(ledger, fence, membership.lease());
        membership.listen(tokens);
        membership.listen(stores);
        letGoWhenAsked(vertx, List.of(tokens, stores));
        membership.start();
        started.push(membership);
        generatedToken = new AdminToken(tokens, config.dataDirectory()).ensure(config.adminToken());
        var maintenance = new Maintenance(ledger, stores, tokens, config.maintenance(), membership);
        started.push(() -> maintenance.flush().toCompletableFuture().join());
        roster = new Roster(membership, partitions, this, vertx);

        startPartitions(vertx);
        var parts = new HttpVerticle.Parts(
                config.http(),
                ledger,
                partitions,
                stores,
                tokens,
                new Repeats(ledger.answers(), config.partitions().writeTimeoutMillis()),
                new Connections(config.http().connectionsMax(), metrics),
                metrics);
        startHttp(vertx, parts);
        maintenance.start(scheduler);
    }

    /** Another node is about to change something that is remembered here. */
    private void letGoWhenAsked(Vertx vertx, List<Membership.Listener> listeners) {
        vertx.eventBus().<String>consumer(Fence.address(hazelcast.name()), message -> {
            listeners.forEach(listener -> listener.marked(Set.of(message.body())));
            message.reply("");
        });
    }

    private void startPartitions(Vertx vertx) {
        var verticle = new PartitionVerticle(partitions, membership, hazelcast::owns);
        var id = await(vertx.deployVerticle(verticle));
        started.push(() -> await(vertx.undeploy(id)));
        hazelcast.onChange(verticle::look);
        hazelcast.takePartitions();
        started.push(hazelcast::givePartitionsAway);
        verticle.look();
        awaitPartitions();
    }

    /** Until every key can be served or routed; without an answer for long, the node starts all the same and says so. */
    private void awaitPartitions() {
        long deadline = System.nanoTime() + 2 * config.member().leaseMillis() * 1_000_000;
        while (!partitions.wereComplete(Long.MAX_VALUE / 2_000_000) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(PARTITIONS_CHECK_NANOS);
        }
    }

    /** The two slow parts, side by side. */
    private void startStorage() {
        var starting = CompletableFuture.supplyAsync(
                () -> HazelcastNode.start(config.cluster(), RecordMap::configure),
                runnable -> new Thread(runnable, "drey-start-hazelcast").start());
        try {
            ledger = config.postgres().map(Postgres::open).orElseGet(() -> Sqlite.open(config.sqlite()));
            started.push(ledger);
        } finally {
            // Also after a failure, so that nothing is left running.
            starting.thenAccept(member -> {
                        hazelcast = member;
                        started.addLast(member);
                    })
                    .join();
        }
    }

    private void startHttp(Vertx vertx, HttpVerticle.Parts parts) {
        var deployed = new ArrayList<Future<String>>();
        for (int i = 0; i < config.http().threads(); i++) {
            var server = new HttpVerticle(parts, services -> V1.routes(services, this));
            servers.add(server);
            deployed.add(vertx.deployVerticle(server));
        }
        started.push(() -> {
            leaving = true;
            await(Future.join(deployed.stream()
                    .filter(Future::succeeded)
                    .map(id -> vertx.undeploy(id.result()))
                    .toList()));
        });
        await(Future.all(deployed));
    }

    private void bindMetrics() {
        new JvmMemoryMetrics().bindTo(metrics);
        new JvmGcMetrics().bindTo(metrics);
        Gauge.builder("drey.ledger.bytes", ledger, known -> known.status().usedBytes())
                .description("Size of the durable store")
                .register(metrics);
        Gauge.builder("drey.ledger.reachable", ledger, known -> known.status().reachable() ? 1 : 0)
                .description("1 while the durable store can be reached")
                .register(metrics);
        Gauge.builder("drey.ledger.full", ledger, known -> known.status().full() ? 1 : 0)
                .description("1 while the durable store has no room")
                .register(metrics);
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private static Thread daemon(Runnable runnable) {
        var thread = new Thread(runnable, "drey-maintenance");
        thread.setDaemon(true);
        return thread;
    }

    private static void stop(ScheduledExecutorService scheduler) throws InterruptedException {
        scheduler.shutdownNow();
        scheduler.awaitTermination(1, TimeUnit.SECONDS);
    }

    /** The admin's secret when this start has generated it. */
    Optional<String> generatedToken() {
        return generatedToken;
    }

    @Override
    public String clusterId() {
        return Long.toUnsignedString(clusterId, 36);
    }

    @Override
    public String clusterName() {
        return config.cluster().name();
    }

    @Override
    public Future<List<Member>> members() {
        return roster.members();
    }

    /** URL of this node's HTTP server. */
    String http() {
        return url(port());
    }

    private String url(int port) {
        var host = config.http().host();
        var shown = host.contains(":") ? "[" + host + "]" : host;
        return (config.http().certificate().isEmpty() ? "http" : "https") + "://" + shown + ":" + port;
    }

    private int port() {
        return servers.get(0).port();
    }

    @Override
    public boolean isLeaving() {
        return leaving;
    }

    @Override
    public List<String> notReady() {
        var reasons = new ArrayList<String>();
        if (leaving) {
            reasons.add("This node is shutting down.");
        }
        var status = ledger.status();
        if (!status.reachable()) {
            reasons.add(status.trouble());
        }
        if (!membership.lease().isHeld()) {
            reasons.add("This node has not reached the durable store for longer than its lease.");
        }
        if (!leaving && !partitions.wereComplete(MOVE_MILLIS_MAX)) {
            reasons.add(partitions.unheldCount() + " of " + partitions.count() + " partitions have no owner.");
        }
        return reasons;
    }

    @Override
    public MeterRegistry metrics() {
        return metrics;
    }

    @Override
    public void close() {
        while (!started.isEmpty()) {
            try {
                started.pop().close();
            } catch (Exception e) {
                LOG.warn("A part did not stop cleanly: {}", e.getMessage());
            }
        }
    }
}
