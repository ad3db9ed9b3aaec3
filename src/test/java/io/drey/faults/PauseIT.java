// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A node stands still, by SIGSTOP, for less and for more than its lease, and wakes with all that it knew: it must not
 * answer from a memory that is no longer true, nor commit what others have taken over. Clients note all that they see,
 * among it every answer of the node that woke, and each key must be linearizable. The others answer for its keys
 * meanwhile, and it serves again without being started again.
 */
class PauseIT {
    private static final Duration GAP_MAX = Duration.ofSeconds(8);

    private static Cluster cluster;

    private final long seed = Chaos.seed();

    @BeforeAll
    static void startNodes() throws Exception {
        cluster = StoryCluster.running().cluster();
    }

    static IntStream seconds() {
        return Chaos.isOn() ? IntStream.of(2, 5, 15, 30) : IntStream.of(2, 5);
    }

    @ParameterizedTest
    @MethodSource("seconds")
    void nodeThatWakesAnswersNothingThatIsNotTrueAnyMore(int seconds) throws Exception {
        int victim = new Random(seed).nextInt(cluster.size());
        try (var load = new Workload("Pause-" + seconds, cluster::inService, 10, seed)) {
            cluster.tell(() -> {
                load.start();
                load.awaitRate();
                cluster.node(victim).pause();
                try {
                    Chaos.last(Duration.ofSeconds(seconds));
                } finally {
                    cluster.node(victim).resume();
                }
                load.awaitWrites(200);
                load.awaitEveryNode();
                load.finish();
                cluster.awaitSettled();
                load.check();
                assertThat(load.longestGapOfAKey()).isLessThan(GAP_MAX);
            });
        }
    }
}
