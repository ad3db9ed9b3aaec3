// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.drey.contract.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The acknowledged operations of one key, held against the key's history. Since every operation is repeated until it is
 * answered, the history must be exactly the acknowledged changes: one more was applied twice, one less was lost. Played
 * back in the order of the history, every answer must be what the rules make of the state before it. Operations are
 * noted by any thread; the check runs while nothing else does.
 */
final class KeyAudit {
    private static final Duration HEALED = Duration.ofSeconds(30);

    private final String key;
    private final List<Effect> noted = new ArrayList<>();
    private long checkedVersion;
    private JsonNode value;

    KeyAudit(String key) {
        this.key = key;
    }

    synchronized void note(Effect effect) {
        noted.add(effect);
    }

    /** Checks what was noted since the last check, and that the server has the state that follows from it. */
    synchronized void check(WireClient client, String store) throws IOException {
        if (noted.isEmpty()) {
            return;
        }
        checkRealTimeOrder();
        var changes = new HashMap<Long, Effect>();
        var deletions = new ArrayList<Effect>();
        for (var effect : noted) {
            if (effect.isDeletion()) {
                deletions.add(effect);
            } else if (effect.changed()) {
                assertThat(changes.put(effect.version(), effect))
                        .as("%s: two changes of one version: %s", key, effect)
                        .isNull();
            }
        }
        var valueAt = new HashMap<Long, JsonNode>();
        if (value != null) {
            valueAt.put(checkedVersion, value);
        }
        for (var item : history(client, store)) {
            long version = item.path("version").asLong();
            var operation = item.path("operation").asText();
            if (operation.equals("delete")) {
                takeDeletion(deletions, version);
                value = null;
            } else {
                var effect = changes.remove(version);
                assertThat(effect)
                        .as("%s: the history has %s, which nobody was told of", key, item)
                        .isNotNull();
                assertThat(operation).as("%s at %s", key, version).isEqualTo(effect.operation());
                play(effect);
                valueAt.put(version, value);
            }
            checkedVersion = version;
        }
        assertThat(changes).as("%s: acknowledged and lost", key).isEmpty();
        assertThat(deletions)
                .as("%s: acknowledged deletions that are lost", key)
                .isEmpty();
        checkAnswersWithoutChange(valueAt);
        checkPresent(client, store);
        noted.clear();
    }

    /** An answer must not show a smaller version than one that had arrived before it was asked for. */
    private void checkRealTimeOrder() {
        var answered = new PriorityQueue<Effect>(Comparator.comparingLong(Effect::answered));
        noted.sort(Comparator.comparingLong(Effect::asked));
        long newest = checkedVersion;
        for (var effect : noted) {
            while (!answered.isEmpty() && answered.peek().answered() < effect.asked()) {
                newest = Math.max(newest, answered.poll().version());
            }
            if (effect.version() > 0) {
                assertThat(effect.version())
                        .as("%s: version after %s was acknowledged: %s", key, newest, effect)
                        .isGreaterThanOrEqualTo(effect.changed() ? newest + 1 : newest);
                answered.add(effect);
            }
        }
    }

    private void takeDeletion(List<Effect> deletions, long version) {
        var removed = value;
        var match = deletions.stream()
                .filter(effect -> effect.answer().equals(removed))
                .findFirst();
        assertThat(match)
                .as("%s: deletion %s of %s, which nobody was told of", key, version, removed)
                .isPresent();
        deletions.remove(match.get());
    }

    private void play(Effect effect) {
        var argument = effect.argument();
        switch (effect.operation()) {
            case "put", "get-or-create" -> value = argument;
            case "increment" -> value = LongNode.valueOf((value == null ? 0 : value.asLong()) + argument.asLong());
            case "compare-and-set" -> {
                assertThat(value == null ? NullNode.instance : value)
                        .as("%s: what %s found", key, effect)
                        .isEqualTo(argument.get("expected"));
                value = argument.get("value");
            }
            case "push" -> value = list().add(argument);
            case "pop" -> {
                var list = list();
                assertThat(effect.popped()).as("%s: %s", key, effect).isEqualTo(list.remove(0));
                value = list;
            }
            default -> throw new IllegalArgumentException(effect.operation());
        }
        if (effect.answer() != null) {
            assertThat(effect.answer()).as("%s: the answer of %s", key, effect).isEqualTo(value);
        }
    }

    private ArrayNode list() {
        return value == null ? KillLoad.JSON.createArrayNode() : value.deepCopy();
    }

    private void checkAnswersWithoutChange(Map<Long, JsonNode> valueAt) {
        for (var effect : noted) {
            if (!effect.changed() && effect.version() > 0) {
                assertThat(effect.answer()).as("%s: what %s saw", key, effect).isEqualTo(valueAt.get(effect.version()));
            }
        }
    }

    private void checkPresent(WireClient client, String store) throws IOException {
        var reply = read(client, store + "/records/" + key);
        assertThat(reply.status()).as(key).isEqualTo(value == null ? 404 : 200);
        if (value != null) {
            assertThat(KillLoad.JSON.readTree(reply.body())).as(key).isEqualTo(value);
            assertThat(reply.version()).as(key).isEqualTo(checkedVersion);
        }
    }

    /** What has just healed may still refuse for a moment, and what is refused says nothing. */
    private static Reply read(WireClient client, String path) throws IOException {
        var first = client.get(path);
        if (first.status() != 503) {
            return first;
        }
        return await().pollInSameThread()
                .atMost(HEALED)
                .ignoreExceptionsInstanceOf(IOException.class)
                .until(() -> client.get(path), reply -> reply.status() != 503);
    }

    /** What came after the last check, oldest first. */
    private Deque<JsonNode> history(WireClient client, String store) throws IOException {
        var items = new ArrayDeque<JsonNode>();
        var before = "";
        while (true) {
            var reply = read(client, store + "/records/" + key + "/history?limit=200" + before);
            assertThat(reply.status()).as("%s: %s", key, reply).isEqualTo(200);
            var page = KillLoad.json(reply);
            for (var item : page.path("items")) {
                if (item.path("version").asLong() <= checkedVersion) {
                    return items;
                }
                items.addFirst(item);
            }
            if (page.path("next").isNull()) {
                return items;
            }
            before = "&before=" + page.path("next").asText();
        }
    }

    /**
     * One acknowledged operation.
     *
     * @param asked when it was sent first, in nanoseconds
     * @param answered when its answer was there
     * @param version that was answered, 0 for none
     * @param answer the value that was answered, for deletions the removed one; null for none
     * @param popped the element that a pop has removed
     */
    record Effect(
            String operation,
            JsonNode argument,
            long asked,
            long answered,
            long version,
            boolean changed,
            JsonNode answer,
            JsonNode popped) {
        boolean isDeletion() {
            return operation.equals("delete");
        }
    }
}
