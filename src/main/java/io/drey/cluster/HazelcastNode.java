// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.cluster;

import com.hazelcast.cluster.MembershipEvent;
import com.hazelcast.cluster.MembershipListener;
import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.LifecycleEvent.LifecycleState;
import com.hazelcast.partition.MigrationListener;
import com.hazelcast.partition.MigrationState;
import com.hazelcast.partition.Partition;
import com.hazelcast.partition.ReplicaMigrationEvent;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.spi.cluster.hazelcast.HazelcastClusterManager;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * This node's Hazelcast instance, started from {@code cluster.xml}, and the Vert.x that shares it. Its table of partitions
 * says who should own what; who does is decided elsewhere.
 */
public final class HazelcastNode implements AutoCloseable {
    private static final String RESOURCE = "/cluster.xml";

    /** Where Vert.x looks for the name of a member. */
    private static final String NAME_ATTRIBUTE = "__vertx.nodeId";

    private static final long GIVE_AWAY_SECONDS_MAX = 10;
    private static final int PROMOTIONS_MAX = 20;
    private static final long PROMOTE_AGAIN_MILLIS = 250;

    private final HazelcastInstance instance;
    private final ClusterConfig config;
    private final boolean clustered;
    private final String name;
    private final Partition[] partitions;
    private volatile boolean taking;

    private HazelcastNode(HazelcastInstance instance, ClusterConfig config, String name) {
        this.instance = instance;
        this.config = config;
        this.clustered = config.enabled();
        this.name = name;
        this.partitions =
                new Partition[instance.getPartitionService().getPartitions().size()];
        instance.getPartitionService()
                .getPartitions()
                .forEach(partition -> partitions[partition.getPartitionId()] = partition);
    }

    /**
     * Starts the instance, which owns no partitions before {@link #takePartitions}. Blocks for a second or more.
     *
     * @param demands what other parts need to be set whatever the file says
     * @throws ClusterException with one line for the operator
     */
    public static HazelcastNode start(ClusterConfig config, Consumer<Config> demands) {
        try {
            var name = UUID.randomUUID().toString();
            var hazelcast = read(config);
            hazelcast.getMemberAttributeConfig().setAttribute(NAME_ATTRIBUTE, name);
            if (config.enabled()) {
                hazelcast.setLiteMember(true);
            } else {
                beAlone(hazelcast);
            }
            demands.accept(hazelcast);
            return new HazelcastNode(Hazelcast.newHazelcastInstance(hazelcast), config, name);
        } catch (IOException | InvalidConfigurationException e) {
            throw new ClusterException("cluster.xml cannot be used: " + firstLine(e), e);
        } catch (RuntimeException e) {
            throw new ClusterException(
                    "The cluster member cannot start on " + config.host() + ":" + config.port() + ": " + firstLine(e),
                    e);
        }
    }

    private static Config read(ClusterConfig config) throws IOException {
        var properties = new Properties();
        properties.putAll(System.getProperties());
        properties.setProperty("drey.cluster.name", config.name());
        properties.setProperty("drey.cluster.host", config.host());
        properties.setProperty("drey.cluster.port", Integer.toString(config.port()));
        properties.setProperty("drey.cluster.members", String.join(",", config.members()));
        try (var in = open(config)) {
            return new XmlConfigBuilder(in).setProperties(properties).build();
        }
    }

    private static InputStream open(ClusterConfig config) throws IOException {
        return config.file() != null
                ? Files.newInputStream(config.file())
                : HazelcastNode.class.getResourceAsStream(RESOURCE);
    }

    /** A name that nobody else has and a free port of the loopback interface: nobody can join by chance. */
    private static void beAlone(Config config) {
        config.setClusterName("drey-" + UUID.randomUUID());
        config.getNetworkConfig().setPort(0).setPortAutoIncrement(false);
        config.getNetworkConfig().getInterfaces().clear();
        config.getNetworkConfig().getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        config.getNetworkConfig().getJoin().getTcpIpConfig().setEnabled(false);
    }

    private static String firstLine(Exception e) {
        var message = e.getMessage() == null ? "no reason given" : e.getMessage();
        return message.lines().findFirst().orElse("no reason given");
    }

    public HazelcastInstance instance() {
        return instance;
    }

    /** Unique among all starts of all nodes; kept when Hazelcast joins two halves of a cluster again. */
    public String name() {
        return name;
    }

    /**
     * Vert.x on this member: clustered, with an event bus at an address of its own, or alone. Blocks. Needs a member that owns
     * partitions, this one or another.
     */
    public Vertx vertx(VertxOptions options) {
        if (!clustered) {
            return Vertx.vertx(options);
        }
        if (!hasOwners()) {
            takePartitions();
        }
        options.getEventBusOptions().setHost(config.host()).setPort(config.busPort());
        return Vertx.builder()
                .with(options)
                .withClusterManager(new HazelcastClusterManager(instance))
                .buildClustered()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    private boolean hasOwners() {
        return instance.getCluster().getMembers().stream().anyMatch(member -> !member.isLiteMember());
    }

    /**
     * Has this member own its share of the partitions: as late as possible, since what it owns it has to serve. Does so
     * again whenever Hazelcast has joined two halves of a cluster, where the members of one begin as they were started.
     */
    public void takePartitions() {
        if (clustered && !taking) {
            taking = true;
            instance.getLifecycleService().addLifecycleListener(event -> {
                if (event.getState() == LifecycleState.MERGED && taking) {
                    daemon(this::promote, "drey-merge").start();
                }
            });
        }
        promote();
    }

    private void promote() {
        var cluster = instance.getCluster();
        for (int tries = 1; cluster.getLocalMember().isLiteMember(); tries++) {
            try {
                cluster.promoteLocalLiteMember();
            } catch (RuntimeException e) {
                // Refused while the cluster is busy with another change of the same kind.
                if (tries == PROMOTIONS_MAX) {
                    throw new ClusterException(
                            "The cluster does not give partitions to this member: " + firstLine(e), e);
                }
                pause();
            }
        }
    }

    /** Has the others own this member's partitions, if there are any others that may. Blocks until they do. */
    public void givePartitionsAway() {
        taking = false;
        var cluster = instance.getCluster();
        boolean others =
                cluster.getMembers().stream().anyMatch(member -> !member.isLiteMember() && !member.localMember());
        if (clustered && others && !cluster.getLocalMember().isLiteMember()) {
            var demotion = CompletableFuture.runAsync(
                    cluster::demoteLocalDataMember,
                    runnable -> daemon(runnable, "drey-leave").start());
            // What is not given away by then is taken by the others when this member is gone.
            demotion.completeOnTimeout(null, GIVE_AWAY_SECONDS_MAX, TimeUnit.SECONDS)
                    .exceptionally(failure -> null)
                    .join();
        }
    }

    private static Thread daemon(Runnable runnable, String name) {
        var thread = new Thread(runnable, name);
        thread.setDaemon(true);
        return thread;
    }

    private static void pause() {
        try {
            Thread.sleep(PROMOTE_AGAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    public int partitionCount() {
        return partitions.length;
    }

    /** Whether the cluster's table gives the partition to this member. */
    public boolean owns(int partition) {
        if (!clustered) {
            return true;
        }
        var owner = partitions[partition].getOwner();
        return owner != null && owner.localMember();
    }

    /** Runs {@code look} whenever the table or the members have changed; from any thread, so it must only hand over. */
    public void onChange(Runnable look) {
        instance.getPartitionService().addMigrationListener(new Changes(look));
        instance.getCluster().addMembershipListener(new Changes(look));
    }

    /** {@code host:port} that other members reach this one at. */
    public String address() {
        var address = instance.getCluster().getLocalMember().getAddress();
        return address.getHost() + ":" + address.getPort();
    }

    @Override
    public void close() {
        instance.shutdown();
    }

    private record Changes(Runnable look) implements MigrationListener, MembershipListener {
        @Override
        public void migrationStarted(MigrationState state) {}

        @Override
        public void migrationFinished(MigrationState state) {
            look.run();
        }

        @Override
        public void replicaMigrationCompleted(ReplicaMigrationEvent event) {
            look.run();
        }

        @Override
        public void replicaMigrationFailed(ReplicaMigrationEvent event) {
            look.run();
        }

        @Override
        public void memberAdded(MembershipEvent event) {
            look.run();
        }

        @Override
        public void memberRemoved(MembershipEvent event) {
            look.run();
        }
    }
}
