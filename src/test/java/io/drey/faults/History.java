// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.faults.KeyAudit.Effect;
import io.drey.faults.Linearizability.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What all clients of a {@link Workload} have seen, and whether it is what the store promises. There are keys whose
 * operations are repeated until they are answered, so that everything is known of them, and keys some of whose
 * operations stay unknown. The first are played back along the history that the server tells; the second must be
 * linearizable, and every acknowledged change must be in the server's history once, beside no more than the unknown
 * ones. Taken down by any thread; checked when all clients are done.
 */
final class History {
    private static final int CHECKERS = 4;
    private static final long CHECK_MINUTES = 3;

    private final Map<String, KeyAudit> settled = new ConcurrentHashMap<>();
    private final Map<String, Long> firstAnswers = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Absence> absences = new ConcurrentLinkedQueue<>();
    private final Map<String, OpenKeyAudit> open = new ConcurrentHashMap<>();
    private final Map<String, Long> newest = new ConcurrentHashMap<>();

    /** An answer to an operation on a key of which everything is known, reads included. */
    void settled(String key, Effect effect) {
        settled.computeIfAbsent(key, KeyAudit::new).note(effect);
        newest.merge(key, effect.version(), Math::max);
        if (effect.changed()) {
            firstAnswers.merge(key, effect.answered(), Math::min);
        }
    }

    /** A key of which everything is known, and which nobody deletes, was not there. */
    void absent(String key, long asked) {
        absences.add(new Absence(key, asked));
    }

    /** An operation on a key some of whose operations stay unknown. */
    void open(String key, Operation operation) {
        openKey(key).note(operation);
    }

    /** An acknowledged change of such a key; 0 for a version that was not told. */
    void changed(String key, String operation, long version) {
        openKey(key).changed(operation, version);
        newest.merge(key, version, Math::max);
    }

    /** A change of such a key that may have happened. */
    void unknown(String key, String operation) {
        openKey(key).unknown(operation);
    }

    /** The newest version of each key that anybody was told. */
    Map<String, Long> newest() {
        return Map.copyOf(newest);
    }

    /** All checks; the server's side is read from all the nodes. */
    void check(List<ServerProcess> nodes, String store) throws Exception {
        checkAbsences();
        open.values().forEach(OpenKeyAudit::checkLinearizable);
        var found = new ConcurrentLinkedQueue<String>();
        var checks = new ConcurrentLinkedQueue<KeyCheck>();
        settled.values().forEach(audit -> checks.add(client -> audit.check(client, store)));
        open.values().forEach(audit -> checks.add(client -> audit.check(client, store)));
        int expected = checks.size();
        var done = new AtomicInteger();
        var executor = Executors.newFixedThreadPool(CHECKERS);
        try {
            var checkers = new ArrayList<Future<?>>();
            for (int i = 0; i < CHECKERS; i++) {
                var node = nodes.get(i % nodes.size());
                checkers.add(executor.submit(() -> {
                    try (var client = node.client()) {
                        for (KeyCheck check; (check = checks.poll()) != null; ) {
                            try {
                                check.run(client);
                            } catch (AssertionError e) {
                                // The other keys may tell what is wrong with this one.
                                found.add(e.getMessage());
                            }
                            done.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (var checker : checkers) {
                checker.get(CHECK_MINUTES, TimeUnit.MINUTES);
            }
        } finally {
            executor.shutdownNow();
        }
        assertThat(found).as("keys whose history is not what was acknowledged").isEmpty();
        assertThat(done).as("keys looked at").hasValue(expected);
    }

    private void checkAbsences() {
        for (var absence : absences) {
            assertThat(firstAnswers.getOrDefault(absence.key(), Long.MAX_VALUE))
                    .as("%s was not found after a change of it was acknowledged", absence.key())
                    .isGreaterThan(absence.asked());
        }
    }

    private OpenKeyAudit openKey(String key) {
        return open.computeIfAbsent(key, OpenKeyAudit::new);
    }

    private interface KeyCheck {
        void run(WireClient client) throws IOException;
    }

    private record Absence(String key, long asked) {}
}
