// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes on machines of their own, between which the network fails: one is cut from the others though all reach the
 * database, in both directions or in one, and one is cut from the database alone. Clients reach every node all the time
 * and note what each says. Every key must be linearizable over all of it, nothing acknowledged may be missing, and
 * after the network is whole every node serves again without being started again.
 */
class NetworkPartitionIT {
    private static final int NODES = 3;
    /** The machine of the database; the others are those of the nodes. */
    private static final int DATABASE = NODES;

    /** The others have to notice first, which Hazelcast does by missing heartbeats. */
    private static final Duration GAP_MAX = Duration.ofSeconds(12);

    @TempDir
    static Path directory;

    private static Netns network;
    private static PostgresServer postgres;
    private static Cluster cluster;

    private final long seed = Chaos.seed();
    private final int lonely = new Random(seed).nextInt(NODES);

    @BeforeAll
    static void startNodes() throws Exception {
        network = Netns.open(NODES + 1);
        postgres = new PostgresServer()
                .at(network.address(DATABASE))
                .under(network.on(DATABASE))
                .start()
                .createDatabase("drey");
        cluster = new Cluster(
                directory, IntStream.range(0, NODES).mapToObj(network::address).toList(), any -> postgres.url("drey"));
        for (int i = 0; i < NODES; i++) {
            cluster.node(i).under(network.on(i));
        }
        cluster.tell(() -> cluster.start().awaitSettled());
    }

    @AfterAll
    static void endNodes() {
        for (var part : Arrays.asList(cluster, postgres, network)) {
            close(part);
        }
    }

    @AfterEach
    void heal() {
        network.heal();
    }

    @Test
    void nodeCutFromTheOthersNeverContradictsThem() throws Exception {
        partition("CutNode", () -> others().forEach(other -> network.cut(lonely, other)));
    }

    @Test
    void nodeThatHearsTheOthersAndIsNotHeardNeverContradictsThem() throws Exception {
        partition("Unheard", () -> others().forEach(other -> network.cutOneWay(lonely, other)));
    }

    @EnabledIf("io.drey.faults.Chaos#isOn")
    @Test
    void nodeThatIsHeardAndDoesNotHearNeverContradictsTheOthers() throws Exception {
        partition("Deaf", () -> others().forEach(other -> network.cutOneWay(other, lonely)));
    }

    @Test
    void nodeCutFromTheDatabaseLeavesItsKeysToTheOthers() throws Exception {
        partition("CutFromDatabase", () -> network.cut(lonely, DATABASE));
    }

    @EnabledIf("io.drey.faults.Chaos#isOn")
    @Test
    void twoNodesThatDoNotHearEachOtherAgreeThroughTheDatabase() throws Exception {
        partition("CutPair", () -> network.cut(lonely, others().get(0)));
    }

    private List<Integer> others() {
        return IntStream.range(0, NODES).filter(node -> node != lonely).boxed().toList();
    }

    private void partition(String name, Runnable cut) throws Exception {
        try (var load = new Workload(name, cluster::inService, 10, seed)) {
            cluster.tell(() -> {
                load.start();
                load.awaitRate();
                cut.run();
                Chaos.last(Chaos.seconds(8, 20));
                network.heal();
                load.awaitEveryNode();
                load.awaitWrites(200);
                load.finish();
                cluster.awaitSettled();
                load.check();
                assertThat(load.longestGap()).isLessThan(GAP_MAX);
            });
        }
    }

    private static void close(AutoCloseable part) {
        try {
            // What comes later was never made when the test is skipped or its start has failed.
            if (part != null) {
                part.close();
            }
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
