// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every node is stopped in order and started again, one after the other, as for a new version, going by nothing but
 * readiness. A client that sends a request once more, to another node and under the same idempotency key, must not
 * notice: no operation may need a third try, and nothing is lost or done twice.
 */
class RollingRestartIT {
    private static Cluster cluster;

    private final long seed = Chaos.seed();

    @BeforeAll
    static void startNodes() throws Exception {
        cluster = StoryCluster.running().cluster();
    }

    @Test
    void noRequestOfAClientThatRetriesOnceFails() throws Exception {
        try (var load = new Workload("RollingRestart", cluster::inService, 10, seed).repeatingEverything()) {
            cluster.tell(() -> {
                load.start();
                load.awaitRate();
                for (int round = 0; round < Chaos.either(1, 4); round++) {
                    for (int i = 0; i < cluster.size(); i++) {
                        cluster.node(i).stop();
                        load.awaitWrites(100);
                        cluster.start(i);
                        load.awaitEveryNode();
                    }
                }
                load.finish().assertOneRepetitionAtMost();
                cluster.awaitSettled();
                load.check();
            });
        }
    }
}
