// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nodes that have never seen the database start at one instant; under load more come and others go, partitions move to
 * and fro, and no client that retries once notices. At the end only nodes are left that were not there at the
 * beginning.
 */
class MembershipIT {
    private final long seed = Chaos.seed();

    @TempDir
    Path directory;

    @Test
    void nodesComeAndGoUnderLoad() throws Exception {
        int size = Chaos.either(4, 6);
        try (var postgres = new PostgresServer().start().createDatabase("drey");
                var cluster = Cluster.over(postgres, "drey", directory, size);
                var load = new Workload("Membership", cluster::inService, 10, seed).repeatingEverything()) {
            cluster.tell(() -> {
                cluster.start(0, 1).awaitSettled();
                load.start();
                load.awaitRate();
                for (int i = 2; i < size; i++) {
                    cluster.start(i).awaitSettled();
                    load.awaitEveryNode();
                    cluster.remove(i - 2);
                    cluster.awaitSettled();
                    load.awaitEveryNode();
                }
                load.finish().assertOneRepetitionAtMost();
                load.check();
            });
        }
    }

    @EnabledIf("io.drey.faults.Chaos#isOn")
    @Test
    void nodesThatJoinAtOneInstantShareTheWork() throws Exception {
        try (var postgres = new PostgresServer().start().createDatabase("drey");
                var cluster = Cluster.over(postgres, "drey", directory, 4);
                var load = new Workload("Joining", cluster::inService, 10_000, seed)) {
            cluster.tell(() -> {
                cluster.start(0).awaitSettled();
                load.start();
                load.awaitRate();
                cluster.start(1, 2, 3).awaitSettled();
                load.awaitEveryNode();
                load.finish().check();
            });
        }
    }
}
