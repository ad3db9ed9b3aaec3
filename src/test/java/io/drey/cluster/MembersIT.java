// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.spi.properties.ClusterProperty;
import io.vertx.core.VertxOptions;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who may join, and who owns partitions. */
class MembersIT {
    private static final String NAME = "members-" + System.nanoTime();
    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<Integer> ports = List.of(freePort(), freePort(), freePort());
    private final HazelcastNode first = node(0);

    @AfterEach
    void stop() {
        first.close();
    }

    @Test
    void aMemberOwnsNothingBeforeItTakesPartitionsAndNothingAfterItGaveThemAway() {
        first.takePartitions();
        var second = node(1);
        try {
            await().atMost(SOON).until(() -> owned(first) == first.partitionCount());
            assertThat(owned(second)).isZero();
            second.takePartitions();
            await().atMost(SOON)
                    .until(() -> owned(second) > 0 && owned(first) + owned(second) == first.partitionCount());
            second.givePartitionsAway();
            assertThat(owned(second)).isZero();
            await().atMost(SOON).until(() -> owned(first) == first.partitionCount());
        } finally {
            second.close();
        }
    }

    @Test
    void theLastOneKeepsItsPartitions() {
        first.takePartitions();
        first.givePartitionsAway();
        assertThat(owned(first)).isEqualTo(first.partitionCount());
    }

    @Test
    void aStrangerOfTheSameNameIsNotLetIn() {
        first.takePartitions();
        assertThatThrownBy(() -> Hazelcast.newHazelcastInstance(stranger(null)))
                .isInstanceOf(IllegalStateException.class);
        assertThat(first.instance().getCluster().getMembers()).hasSize(1);
    }

    @Test
    void aLiteMemberMayListen() {
        first.takePartitions();
        var listener = Hazelcast.newHazelcastInstance(stranger("271").setLiteMember(true));
        try {
            assertThat(first.instance().getCluster().getMembers()).hasSize(2);
            assertThat(owned(first)).isEqualTo(first.partitionCount());
        } finally {
            listener.shutdown();
        }
    }

    @Test
    void vertxNeedsNobodyWhoOwnsPartitionsBefore() {
        var vertx = first.vertx(new VertxOptions());
        try {
            assertThat(vertx.isClustered()).isTrue();
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static int owned(HazelcastNode node) {
        return (int)
                IntStream.range(0, node.partitionCount()).filter(node::owns).count();
    }

    private HazelcastNode node(int index) {
        var members = ports.stream().map(port -> "127.0.0.1:" + port).toList();
        return HazelcastNode.start(
                new ClusterConfig(true, NAME, "127.0.0.1", ports.get(index), freePort(), members, null), config -> {});
    }

    private Config stranger(String partitions) {
        var config = new Config().setClusterName(NAME);
        config.setProperty("hazelcast.phone.home.enabled", "false");
        config.setProperty("hazelcast.logging.type", "slf4j");
        if (partitions != null) {
            config.setProperty(ClusterProperty.PARTITION_COUNT.getName(), partitions);
        }
        var network = config.getNetworkConfig().setPort(ports.get(2)).setPortAutoIncrement(false);
        network.getInterfaces().setEnabled(true).addInterface("127.0.0.1");
        network.getJoin().getAutoDetectionConfig().setEnabled(false);
        network.getJoin().getTcpIpConfig().setEnabled(true).addMember("127.0.0.1:" + ports.get(0));
        return config;
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
