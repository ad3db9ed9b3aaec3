// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * Nodes die by SIGKILL while clients work: one at random, again and again, and all at one instant. Whatever was
 * acknowledged must be there, once; every key must be linearizable over all clients and nodes; and the nodes that live
 * must answer for the keys of a dead one within five seconds. Clients keep a record of all that they see, and
 * afterwards it is held against the histories of the keys.
 */
class OwnerCrashIT {
    /** Five seconds are promised; a request that waits when they are over and a machine that is busy come on top. */
    private static final Duration GAP_MAX = Duration.ofSeconds(8);

    private static Cluster cluster;

    private final long seed = Chaos.seed();

    @BeforeAll
    static void startNodes() throws Exception {
        cluster = StoryCluster.running().cluster();
    }

    @Test
    void acknowledgedWritesSurviveKillsOfRandomNodes() throws Exception {
        killAgainAndAgain("OwnerCrash-10", 10, Chaos.either(2, 10));
    }

    @EnabledIf("io.drey.faults.Chaos#isOn")
    @Test
    void acknowledgedWritesToManyKeysSurviveKillsOfRandomNodes() throws Exception {
        killAgainAndAgain("OwnerCrash-10000", 10_000, Chaos.either(1, 5));
    }

    @Test
    void killOfAllNodesAtOneInstantLosesNothing() throws Exception {
        try (var load = new Workload("AllCrash", cluster::inService, 10_000, seed)) {
            cluster.tell(() -> {
                load.start();
                load.awaitRate();
                for (int round = 0; round < Chaos.either(1, 5); round++) {
                    cluster.killAll();
                    cluster.start();
                    load.awaitEveryNode();
                    load.awaitWrites(200);
                }
                load.finish();
                cluster.awaitSettled();
                load.check();
            });
        }
    }

    private void killAgainAndAgain(String name, int keys, int times) throws Exception {
        var random = new Random(seed);
        try (var load = new Workload(name, cluster::inService, keys, seed)) {
            cluster.tell(() -> {
                load.start();
                load.awaitRate();
                for (int i = 0; i < times; i++) {
                    int victim = random.nextInt(cluster.size());
                    cluster.node(victim).kill();
                    load.awaitWrites(500);
                    cluster.start(victim);
                    load.awaitEveryNode();
                }
                load.finish();
                cluster.awaitSettled();
                load.check();
                // Of many keys each is written too rarely to tell a time without service from mere chance.
                assertThat(keys <= 10 ? load.longestGapOfAKey() : load.longestGap())
                        .isLessThan(GAP_MAX);
            });
        }
    }
}
