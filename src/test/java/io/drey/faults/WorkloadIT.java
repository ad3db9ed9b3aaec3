// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/**
 * The load of the cluster stories on a single node with SQLite, which is killed and started again: the same clients,
 * the same checks, fewer ways for it to go wrong.
 */
class WorkloadIT {
    private final long seed = Chaos.seed();

    @TempDir
    Path directory;

    @Test
    void everythingSeenOfAFewKeysIsTrueThroughAKill() throws Exception {
        killOnce("FewKeys", 10, false);
    }

    @EnabledIf("io.drey.faults.Chaos#isOn")
    @Test
    void everythingSeenOfManyKeysIsTrueThroughAKill() throws Exception {
        killOnce("ManyKeys", 10_000, false);
    }

    @EnabledIf("io.drey.faults.Chaos#isOn")
    @Test
    void nothingStaysUnknownWhenEverythingIsRepeated() throws Exception {
        killOnce("Repeated", 10, true);
    }

    @Test
    void checksFindWhatNoClientHasDoneAndWhatIsMissing() throws Exception {
        try (var server = new ServerProcess(directory).start();
                var client = server.client();
                var load = new Workload("Findings", () -> List.of(server), 10, seed)) {
            load.start();
            load.awaitRate();
            load.finish();

            var records = load.path() + "/records/";
            load.history().changed("key-0", "put", Long.MAX_VALUE);
            client.post(records + "key-1/push", "{\"value\":1}");
            client.post(records + "key-2/increment", "{}");
            client.put(records + "key-4", "1");
            assertThatThrownBy(load::check)
                    .hasMessageContaining("key-0: Change")
                    .hasMessageContaining("key-1: the history has")
                    .hasMessageContaining("key-2: the history has")
                    .hasMessageContaining("key-4: put in its history");
        }
    }

    private void killOnce(String name, int keys, boolean repeats) throws Exception {
        try (var server = new ServerProcess(directory).start();
                var load = new Workload(name, () -> List.of(server), keys, seed)) {
            if (repeats) {
                load.repeatingEverything();
            }
            load.start();
            load.awaitRate();
            server.kill();
            server.start();
            load.awaitEveryNode();
            load.awaitWrites(200);
            load.finish().check();
        }
    }
}
