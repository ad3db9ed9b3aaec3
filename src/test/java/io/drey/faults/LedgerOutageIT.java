// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.faults.NodeCaller.Request;
import java.time.Duration;
import java.util.HashMap;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/**
 * PostgreSQL dies, restarts, stands still, takes no writes, is slow, loses its answers on the way, or comes back with
 * an older state, while clients work on three nodes each of which reaches it through a proxy of its own. Nothing that
 * was acknowledged may be lost or done twice, what cannot be answered is 503 or 504, and no node is started again: when
 * the database is there, all three serve. After the older state everything acknowledged since is gone, as it must be;
 * then no version may be given a second time and nothing may hang.
 */
class LedgerOutageIT {
    /** How the commit stands in the statements of the nodes. */
    private static final String COMMIT = "drey.commit";

    private final long seed = Chaos.seed();
    private StoryCluster nodes;
    private PostgresServer postgres;
    private Cluster cluster;

    /** For each story, since one that has failed may leave its outage behind. */
    @BeforeEach
    void startNodes() throws Exception {
        nodes = StoryCluster.running();
        postgres = nodes.postgres();
        cluster = nodes.cluster();
    }

    @Test
    void killedDatabaseIsTakenUpAgain() throws Exception {
        outage("DatabaseKilled", load -> {
            for (int round = 0; round < Chaos.either(1, 5); round++) {
                postgres.killHard();
                load.awaitTrouble();
                postgres.start();
                load.awaitEveryNode();
            }
        });
    }

    @EnabledIf("io.drey.faults.Chaos#isOn")
    @Test
    void restartedDatabaseIsTakenUpAgain() throws Exception {
        outage("DatabaseRestarted", load -> {
            for (int round = 0; round < Chaos.either(1, 5); round++) {
                postgres.restart();
                load.awaitEveryNode();
            }
        });
    }

    @Test
    void databaseThatStandsStillIsTakenUpAgain() throws Exception {
        outage("DatabasePaused", load -> {
            postgres.pause();
            try {
                load.awaitTrouble();
                Chaos.last(Chaos.seconds(4, 20));
            } finally {
                postgres.resume();
            }
        });
    }

    @Test
    void databaseThatTakesNoWritesIsTakenUpAgain() throws Exception {
        outage("DatabaseReadOnly", load -> {
            postgres.readOnly(true);
            try {
                load.awaitTrouble();
                Chaos.last(Chaos.seconds(1, 10));
            } finally {
                postgres.readOnly(false);
            }
        });
    }

    @Test
    void slowDatabaseRefusesNothing() throws Exception {
        outage("DatabaseSlow", load -> {
            nodes.proxies().forEach(proxy -> proxy.delay(Duration.ofMillis(25), Duration.ofMillis(25)));
            int before = load.timeline().unknowns() + load.timeline().refusals();
            load.awaitWrites(Chaos.either(300, 3_000));
            assertThat(load.timeline().unknowns() + load.timeline().refusals())
                    .as("operations that were not done at once")
                    .isEqualTo(before);
            nodes.proxies().forEach(TcpProxy::pass);
        });
    }

    @Test
    void commitWhoseAnswerIsLostIsNeitherLostNorDoneTwice() throws Exception {
        outage("AnswerLost", load -> {
            for (int round = 0; round < Chaos.either(2, 20); round++) {
                for (var proxy : nodes.proxies()) {
                    proxy.loseAnswerTo(COMMIT).get(20, TimeUnit.SECONDS);
                    load.awaitWrites(20);
                }
            }
        });
    }

    @EnabledIf("io.drey.faults.Chaos#isOn")
    @Test
    void nodeThatCannotReachTheDatabaseLeavesTheRestToTheOthers() throws Exception {
        outage("DatabaseOutOfReach", load -> {
            nodes.proxy(0).swallow(true, true);
            load.awaitTrouble();
            Chaos.last(Chaos.seconds(6, 20));
            load.awaitWrites(200);
            nodes.proxy(0).pass();
        });
    }

    @Test
    void versionsGrowAndNothingHangsAfterAnOlderBackupWasRestored() throws Exception {
        var newest = new HashMap<String, Long>();
        cluster.tell(() -> {
            try (var load = new Workload("BeforeRestore", cluster::inService, 10, seed)) {
                load.start();
                load.awaitRate();
                var backup = postgres.snapshot();
                load.awaitEveryNode();
                load.awaitWrites(300);
                load.finish();
                newest.putAll(load.history().newest());
                postgres.restore(backup);
            }
            try (var caller = new NodeCaller(cluster::inService, new Random(seed), any -> {})) {
                for (var seen : newest.entrySet()) {
                    assertVersionGrows(caller, "/v1/stores/beforerestore/records/" + seen.getKey(), seen.getValue());
                }
            }
            cluster.awaitSettled();
        });
        outage("AfterRestore", load -> load.awaitWrites(300));
    }

    private void assertVersionGrows(NodeCaller caller, String record, long newest) throws Exception {
        var put = new Request("PUT", record, "application/json", "[]", "restored-" + record.hashCode());
        var written = caller.settle(put).reply();
        assertThat(written.status()).as("%s: %s", record, written).isIn(201, 204);
        assertThat(written.version()).as("%s: %s", record, written).isGreaterThan(newest);
        for (var node : cluster.inService()) {
            try (var client = node.client(Duration.ofSeconds(10))) {
                var read = client.get(record);
                assertThat(read.status()).as("%s: %s", record, read).isIn(200, 503);
                if (read.status() == 200) {
                    assertThat(read.version()).as("%s: %s", record, read).isEqualTo(written.version());
                }
            }
        }
    }

    private void outage(String name, Outage outage) throws Exception {
        try (var load = new Workload(name, cluster::inService, 10, seed)) {
            cluster.tell(() -> {
                load.start();
                load.awaitRate();
                outage.run(load);
                load.awaitEveryNode();
                load.awaitWrites(200);
                load.finish();
                cluster.awaitSettled();
                load.check();
            });
        }
    }

    private interface Outage {
        void run(Workload load) throws Exception;
    }
}
