// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.faults.Linearizability.Operation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The operations on one key some of which nobody answered, held against the key's history: an acknowledged change is
 * there exactly once under its version, and what is there beside them is not more than the unknown changes. Noted by
 * any thread; checked while nothing else happens.
 */
final class OpenKeyAudit {
    private static final String DELETE = "delete";

    private final String key;
    private final List<Operation> operations = new ArrayList<>();
    private final List<Change> changes = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    OpenKeyAudit(String key) {
        this.key = key;
    }

    synchronized void note(Operation operation) {
        operations.add(operation);
    }

    /** An acknowledged change; 0 for a version that was not told. */
    synchronized void changed(String operation, long version) {
        changes.add(new Change(operation, version));
    }

    /** A change that may have happened. */
    synchronized void unknown(String operation) {
        unknown.add(operation);
    }

    synchronized void checkLinearizable() {
        assertThat(Linearizability.isLinearizable(operations))
                .as("%s: %s", key, operations)
                .isTrue();
    }

    synchronized void check(WireClient client, String store) throws IOException {
        var kept = history(client, store);
        checkPresent(client, store, kept);
        for (var change : changes) {
            if (change.version() > 0) {
                assertThat(kept.remove(change.version()))
                        .as("%s: %s, acknowledged, in its history", key, change)
                        .isEqualTo(change.operation());
            }
        }
        long deleted = changes.stream()
                .filter(change -> change.operation().equals(DELETE))
                .count();
        kept.values().stream()
                .collect(Collectors.groupingBy(operation -> operation, Collectors.counting()))
                .forEach((operation, number) -> assertThat(number)
                        .as("%s: %s in its history that nobody was told of, %s", key, operation, kept)
                        .isLessThanOrEqualTo(count(operation) + (operation.equals(DELETE) ? deleted : 0)));
        assertThat(kept.values().stream().filter(DELETE::equals).count())
                .as("%s: acknowledged deletions in its history", key)
                .isGreaterThanOrEqualTo(deleted);
    }

    private long count(String operation) {
        return unknown.stream().filter(operation::equals).count();
    }

    private void checkPresent(WireClient client, String store, TreeMap<Long, String> kept) throws IOException {
        var reply = client.get(store + "/records/" + key);
        if (kept.isEmpty() || kept.lastEntry().getValue().equals(DELETE)) {
            assertThat(reply.status()).as("%s: %s", key, reply).isEqualTo(404);
        } else {
            assertThat(reply.status()).as("%s: %s", key, reply).isEqualTo(200);
            assertThat(reply.version()).as(key).isEqualTo(kept.lastKey());
        }
    }

    /** Operations by their versions. */
    private TreeMap<Long, String> history(WireClient client, String store) throws IOException {
        var kept = new TreeMap<Long, String>();
        var before = "";
        while (true) {
            var reply = client.get(store + "/records/" + key + "/history?limit=200" + before);
            assertThat(reply.status()).as("%s: %s", key, reply).isEqualTo(200);
            var page = KillLoad.json(reply);
            for (var item : page.path("items")) {
                long version = item.path("version").asLong();
                assertThat(kept.isEmpty() || version < kept.firstKey())
                        .as("%s: %s is older than %s", key, version, kept)
                        .isTrue();
                kept.put(version, item.path("operation").asText());
            }
            if (page.path("next").isNull()) {
                return kept;
            }
            before = "&before=" + page.path("next").asText();
        }
    }

    private record Change(String operation, long version) {}
}
