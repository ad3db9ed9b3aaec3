// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Three nodes over a PostgreSQL which each reaches through a proxy of its own: shared by the stories that need nothing
 * else, since its start takes longer than most of them, and ended with this JVM. A story leaves it whole; one that has
 * failed leaves the next a new one.
 */
final class StoryCluster {
    private static final int NODES = 3;
    private static StoryCluster current;

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(StoryCluster::endCurrent));
    }

    private final Path directory;
    private final PostgresServer postgres = new PostgresServer();
    private final List<TcpProxy> proxies = new ArrayList<>();
    private final Cluster cluster;

    private StoryCluster() {
        try {
            directory = Files.createTempDirectory("drey-stories");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        postgres.start().createDatabase("drey");
        cluster = new Cluster(directory, NODES, index -> {
            proxies.add(TcpProxy.to(postgres));
            return postgres.url("drey", proxies.get(index));
        });
    }

    /** The cluster with all nodes running and settled. */
    static synchronized StoryCluster running() throws Exception {
        if (current != null && !current.isWhole()) {
            endCurrent();
        }
        if (current == null) {
            current = new StoryCluster();
            var cluster = current.cluster;
            cluster.tell(() -> cluster.start().awaitSettled());
        }
        return current;
    }

    Cluster cluster() {
        return cluster;
    }

    PostgresServer postgres() {
        return postgres;
    }

    /** The way of a node to the database. */
    TcpProxy proxy(int node) {
        return proxies.get(node);
    }

    List<TcpProxy> proxies() {
        return proxies;
    }

    /** Whether everything runs, after what a failed story may have left was put right as far as that is easy. */
    private boolean isWhole() {
        proxies.forEach(TcpProxy::pass);
        if (!postgres.isAlive() || cluster.running().size() < NODES) {
            return false;
        }
        try {
            cluster.awaitSettled();
            return true;
        } catch (AssertionError e) {
            System.out.println("The nodes are started anew: " + e.getMessage());
            return false;
        }
    }

    private static synchronized void endCurrent() {
        if (current != null) {
            current.cluster.close();
            current.proxies.forEach(TcpProxy::close);
            current.postgres.close();
            try {
                Directories.delete(current.directory);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            current = null;
        }
    }
}
