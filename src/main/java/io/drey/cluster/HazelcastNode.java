// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.cluster;

import com.hazelcast.config.Config;
import com.hazelcast.config.InvalidConfigurationException;
import com.hazelcast.config.XmlConfigBuilder;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Consumer;

/** This node's Hazelcast instance, started from {@code cluster.xml}. */
public final class HazelcastNode implements AutoCloseable {
    private static final String RESOURCE = "/cluster.xml";

    private final HazelcastInstance instance;

    private HazelcastNode(HazelcastInstance instance) {
        this.instance = instance;
    }

    /**
     * Starts the instance. Blocks for a second or more.
     *
     * @param demands what other parts need to be set whatever the file says
     * @throws ClusterException with one line for the operator
     */
    public static HazelcastNode start(ClusterConfig config, Consumer<Config> demands) {
        try {
            var hazelcast = read(config);
            if (!config.enabled()) {
                beAlone(hazelcast);
            }
            demands.accept(hazelcast);
            return new HazelcastNode(Hazelcast.newHazelcastInstance(hazelcast));
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

    /** {@code host:port} that other members reach this one at. */
    public String address() {
        var address = instance.getCluster().getLocalMember().getAddress();
        return address.getHost() + ":" + address.getPort();
    }

    @Override
    public void close() {
        instance.shutdown();
    }
}
