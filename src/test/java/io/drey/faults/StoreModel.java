// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * One store as {@link ModelIT} believes it to be: a map, and for each key what became of it. Operations answer what the
 * server has to answer, apart from versions, which it makes; {@link #confirm} is told them.
 */
final class StoreModel {
    private static final ObjectMapper JSON = KillLoad.JSON;

    private final TreeMap<String, Item> items;
    private final TreeMap<String, List<Logged>> logs;

    StoreModel() {
        this(new TreeMap<>(StoreModel::compareBytes), new TreeMap<>());
    }

    private StoreModel(TreeMap<String, Item> items, TreeMap<String, List<Logged>> logs) {
        this.items = items;
        this.logs = logs;
    }

    /** To go on with when an atomic batch fails. */
    StoreModel copy() {
        var copiedItems = new TreeMap<>(items);
        var copiedLogs = new TreeMap<String, List<Logged>>();
        logs.forEach((key, log) -> copiedLogs.put(key, new ArrayList<>(log)));
        return new StoreModel(copiedItems, copiedLogs);
    }

    static int compareBytes(String left, String right) {
        return Arrays.compareUnsigned(WireClient.bytes(left), WireClient.bytes(right));
    }

    NavigableMap<String, Item> items() {
        return items;
    }

    Item get(String key) {
        return items.get(key);
    }

    /** Oldest first. */
    List<Logged> log(String key) {
        return logs.computeIfAbsent(key, any -> new ArrayList<>());
    }

    Expected put(String key, byte[] bytes, String contentType, Long ttl, long now) {
        var before = items.get(key);
        Long expiresAt = before == null ? null : before.expiresAt();
        if (ttl != null) {
            expiresAt = ttl == 0 ? null : Long.valueOf(now + ttl * 1_000);
        }
        items.put(key, new Item(bytes, null, contentType, 0, expiresAt));
        return new Expected(before == null ? 201 : 204, null, "put");
    }

    Expected delete(String key) {
        return new Expected(204, null, items.remove(key) == null ? null : "delete");
    }

    void clear() {
        for (var key : List.copyOf(items.keySet())) {
            items.remove(key);
            log(key).add(new Logged("clear", 0));
        }
    }

    /** An operation by its name and body. */
    Expected operate(String key, String name, JsonNode body, long now) {
        var item = items.get(key);
        if (name.equals("touch")) {
            return touch(key, item, body, now);
        }
        if (item != null && !item.isJson()) {
            return refusal(409);
        }
        var value = item == null ? null : item.json();
        return switch (name) {
            case "increment" -> increment(key, value, body);
            case "compare-and-set" -> compareAndSet(key, value, body);
            case "set-children" -> setChildren(key, value, body);
            case "remove-children" -> removeChildren(key, value, body);
            case "push" -> push(key, value, body);
            case "pop" -> pop(key, value, body);
            case "get-or-create" -> getOrCreate(key, value, body, now);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private Expected touch(String key, Item item, JsonNode body, long now) {
        if (item == null) {
            return refusal(404);
        }
        long ttl = body.path("ttl").asLong();
        Long expiresAt = ttl == 0 ? null : Long.valueOf(now + ttl * 1_000);
        items.put(key, new Item(item.bytes(), item.tree(), item.contentType(), item.version(), expiresAt));
        var answer = JSON.createObjectNode();
        answer.set("value", item.isJson() ? item.json() : NullNode.instance);
        boolean changed = !(item.expiresAt() == null && expiresAt == null);
        return new Expected(200, answer, changed ? "touch" : null);
    }

    private Expected increment(String key, JsonNode value, JsonNode body) {
        if (value != null && !value.isNumber()) {
            return refusal(409);
        }
        long sum = (value == null ? 0 : value.asLong()) + body.path("by").asLong(1);
        return set(key, JSON.getNodeFactory().numberNode(sum), "increment", JSON.createObjectNode());
    }

    private Expected compareAndSet(String key, JsonNode value, JsonNode body) {
        var present = value == null ? NullNode.instance : value;
        var expected = body.has("expected") ? body.get("expected") : NullNode.instance;
        if (!present.equals(expected)) {
            return unchanged(value, JSON.createObjectNode().put("applied", false));
        }
        return set(
                key,
                body.get("value"),
                "compare-and-set",
                JSON.createObjectNode().put("applied", true));
    }

    private Expected setChildren(String key, JsonNode value, JsonNode body) {
        if (value != null && !value.isObject()) {
            return refusal(409);
        }
        ObjectNode object = value == null ? JSON.createObjectNode() : value.deepCopy();
        body.get("values").fields().forEachRemaining(member -> object.set(member.getKey(), member.getValue()));
        return set(key, object, "set-children", JSON.createObjectNode());
    }

    private Expected removeChildren(String key, JsonNode value, JsonNode body) {
        if (value != null && !value.isObject()) {
            return refusal(409);
        }
        if (value == null) {
            return unchanged(null, JSON.createObjectNode());
        }
        ObjectNode object = value.deepCopy();
        body.get("keys").forEach(name -> object.remove(name.asText()));
        return object.equals(value)
                ? unchanged(value, JSON.createObjectNode())
                : set(key, object, "remove-children", JSON.createObjectNode());
    }

    private Expected push(String key, JsonNode value, JsonNode body) {
        if (value != null && !value.isArray()) {
            return refusal(409);
        }
        ArrayNode array = value == null ? JSON.createArrayNode() : value.deepCopy();
        var pushed = body.get("value");
        if (body.path("unique").asBoolean()) {
            for (var element : array) {
                if (element.equals(pushed)) {
                    return unchanged(value, JSON.createObjectNode());
                }
            }
        }
        boolean atHead = body.path("location").asText().equals("head");
        array.insert(atHead ? 0 : array.size(), pushed);
        while (body.has("max") && array.size() > body.get("max").asInt()) {
            array.remove(atHead ? array.size() - 1 : 0);
        }
        return set(key, array, "push", JSON.createObjectNode());
    }

    private Expected pop(String key, JsonNode value, JsonNode body) {
        if (value != null && !value.isArray()) {
            return refusal(409);
        }
        var answer = JSON.createObjectNode();
        if (value == null || value.isEmpty()) {
            answer.set("popped", body.has("default") ? body.get("default") : NullNode.instance);
            return unchanged(value, answer);
        }
        ArrayNode array = value.deepCopy();
        boolean atHead = body.path("location").asText().equals("head");
        answer.set("popped", array.remove(atHead ? 0 : array.size() - 1));
        return set(key, array, "pop", answer);
    }

    private Expected getOrCreate(String key, JsonNode value, JsonNode body, long now) {
        if (value != null) {
            return unchanged(value, JSON.createObjectNode().put("created", false));
        }
        var created = set(
                key, body.get("value"), "get-or-create", JSON.createObjectNode().put("created", true));
        if (body.has("ttl")) {
            items.put(key, items.get(key).expiringAt(now + body.get("ttl").asLong() * 1_000));
        }
        return created;
    }

    /** A merge patch. */
    Expected merge(String key, JsonNode patch) {
        var item = items.get(key);
        if (item != null && !item.isJson()) {
            return refusal(409);
        }
        var merged = merged(item == null ? null : item.json(), patch);
        set(key, merged, "patch", null);
        return new Expected(item == null ? 201 : 200, merged, "patch");
    }

    private static JsonNode merged(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode object = target != null && target.isObject() ? target.deepCopy() : JSON.createObjectNode();
        patch.fields().forEachRemaining(member -> {
            if (member.getValue().isNull()) {
                object.remove(member.getKey());
            } else {
                object.set(member.getKey(), merged(object.get(member.getKey()), member.getValue()));
            }
        });
        return object;
    }

    /** The JSON Patch that adds one member; {@code holds} is whether its test holds too. */
    Expected addMember(String key, String name, JsonNode member, boolean holds) {
        var item = items.get(key);
        if (item == null) {
            return refusal(404);
        }
        if (!item.isJson()) {
            return refusal(409);
        }
        if (!item.json().isObject() || !holds) {
            return refusal(422);
        }
        ObjectNode object = item.json().deepCopy();
        object.set(name, member);
        set(key, object, "patch", null);
        return new Expected(200, object, "patch");
    }

    private Expected set(String key, JsonNode value, String operation, ObjectNode answer) {
        var before = items.get(key);
        items.put(
                key,
                before == null
                        ? new Item(null, value, "application/json", 0, null)
                        : new Item(null, value, before.contentType(), 0, before.expiresAt()));
        return new Expected(200, answer == null ? null : answer.set("value", value), operation);
    }

    private static Expected unchanged(JsonNode value, ObjectNode answer) {
        return new Expected(200, answer.set("value", value == null ? NullNode.instance : value), null);
    }

    static Expected refusal(int status) {
        return new Expected(status, null, null);
    }

    /** What was expected has happened, and the server gave it this version; 0 when it told none. */
    void confirm(String key, Expected expected, long version) {
        if (expected.operation() != null) {
            log(key).add(new Logged(expected.operation(), version));
            items.computeIfPresent(key, (any, item) -> item.withVersion(version));
        }
    }

    /** The newest version that was told of the key. */
    long newest(String key) {
        return log(key).stream().mapToLong(Logged::version).max().orElse(0);
    }

    /**
     * A record.
     *
     * @param bytes as they were put; null when an operation has made the value, which then is {@code tree}
     * @param expiresAt in milliseconds, about; null for never
     */
    record Item(byte[] bytes, JsonNode tree, String contentType, long version, Long expiresAt) {
        boolean isJson() {
            return contentType.equals("application/json");
        }

        JsonNode json() {
            try {
                return tree != null ? tree : JSON.readTree(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        Item withVersion(long newer) {
            return new Item(bytes, tree, contentType, newer, expiresAt);
        }

        Item expiringAt(long time) {
            return new Item(bytes, tree, contentType, version, time);
        }
    }

    /**
     * What the server has to answer.
     *
     * @param answer without its version; null when it is not looked at
     * @param operation as the history will tell it; null when nothing changes
     */
    record Expected(int status, JsonNode answer, String operation) {}

    /** An entry of the history; version 0 as long as nobody told it. */
    record Logged(String operation, long version) {}
}
