// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.contract.Reply;
import io.drey.faults.StoreModel.Expected;
import io.drey.faults.StoreModel.Logged;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One client does at random whatever can be asked of a store, with restarts, kills and hardly any memory, and every
 * answer must be the one of {@link StoreModel}. The number of steps is the system property {@code drey.steps}.
 */
class ModelIT {
    private static final String STORE = "/v1/stores/model";
    private static final String RECORDS = STORE + "/records";
    private static final int KEYS = 60;
    private static final int STEPS_A_START = 1_000;
    private static final int REPEATS_MAX = 100;
    private static final long TTL_SLACK_MILLIS = 60_000;

    private final long seed = Long.getLong("drey.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> doing = new ArrayList<>();
    private StoreModel model = new StoreModel();
    private WireClient client;
    private long unique;

    @TempDir
    Path directory;

    @Test
    void everyAnswerIsTheOneOfTheModel() throws Exception {
        System.out.println("ModelIT: -Ddrey.seed=" + seed);
        try (var server = new ServerProcess(directory).with("--memory.records=4KiB", "--memory.heads-max=1000")) {
            server.start();
            client = server.client();
            assertThat(client.post("/v1/stores", "{\"name\":\"model\"}").status())
                    .isEqualTo(201);
            for (int i = 1; i <= Integer.getInteger("drey.steps", 5_000); i++) {
                step();
                if (i % STEPS_A_START == 0) {
                    restart(server);
                }
            }
            checkAll();
        } catch (AssertionError e) {
            throw new AssertionError(
                    "seed " + seed + ", lately: " + doing.subList(Math.max(0, doing.size() - 12), doing.size()), e);
        }
    }

    private void restart(ServerProcess server) throws IOException {
        if (random.nextBoolean()) {
            server.kill();
        } else {
            server.stop();
        }
        server.start();
        client.reconnect();
        checkAll();
    }

    private void step() throws IOException {
        var key = key();
        switch (random.nextInt(24)) {
            case 0, 1, 2 -> put(key);
            case 3, 4 -> get(key);
            case 5 -> delete(key);
            case 6 -> merge(key);
            case 7 -> patch(key);
            case 8, 9, 10, 11, 12, 13, 14 -> operate(key);
            case 15 -> batch(false);
            case 16 -> batch(true);
            case 17 -> list();
            case 18 -> history(key);
            case 19 -> version(key);
            case 20 -> load();
            case 21 -> export();
            case 22 -> store();
            default -> rarely();
        }
    }

    private String key() {
        int number = random.nextInt(KEYS);
        return "d" + number % 4 + "/" + (number % 3 == 0 ? "ü %/" : "k") + number;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String path(String key) {
        return RECORDS + "/" + encoded(key);
    }

    private JsonNode value() {
        var json = KillLoad.JSON;
        long number = ++unique;
        return switch (random.nextInt(4)) {
            case 0 -> json.getNodeFactory().numberNode(number);
            case 1 -> json.createArrayNode().add(number).add("é");
            case 2 -> json.createObjectNode().put("a", number).put("b", "x");
            default -> json.createObjectNode().putNull("n").put("text", "y".repeat(random.nextInt(300)) + number);
        };
    }

    private void put(String key) throws IOException {
        boolean isJson = random.nextInt(5) > 0;
        var bytes = isJson ? WireClient.bytes(" " + value()) : new byte[random.nextInt(2_000)];
        var type = isJson ? "application/json" : "application/octet-stream";
        Long ttl = random.nextInt(4) > 0 ? null : Long.valueOf(random.nextInt(2) * 100_000L);
        var headers = new ArrayList<>(List.of("Content-Type", type));
        boolean holds = condition(key, headers);
        var path = path(key) + (ttl == null ? "" : "?ttl=" + ttl);
        var reply = send("PUT", path, bytes, headers);
        var expected = holds ? model.put(key, bytes, type, ttl, now()) : StoreModel.refusal(412);
        confirm(key, expected, reply);
    }

    /** Adds a condition now and then; answers whether it holds. */
    private boolean condition(String key, List<String> headers) {
        var item = model.get(key);
        switch (random.nextInt(10)) {
            case 0 -> {
                headers.addAll(List.of("If-Match", item == null ? "\"1\"" : "\"" + item.version() + "\""));
                return item != null;
            }
            case 1 -> {
                headers.addAll(List.of("If-Match", "\"" + (model.newest(key) + 1) + "\""));
                return false;
            }
            case 2 -> {
                headers.addAll(List.of("If-None-Match", "*"));
                return item == null;
            }
            default -> {
                return true;
            }
        }
    }

    private void get(String key) throws IOException {
        var item = model.get(key);
        var method = random.nextInt(4) == 0 ? "HEAD" : "GET";
        var reply = send(method, path(key), null, List.of());
        if (item == null) {
            assertThat(reply.status()).isEqualTo(404);
            return;
        }
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.version()).isEqualTo(item.version());
        assertThat(reply.header("Content-Type")).contains(item.contentType());
        assertTtl(item, reply);
        if (method.equals("GET")) {
            assertBytes(item, reply.body());
            assertThat(send("GET", path(key), null, List.of("If-None-Match", reply.etag()))
                            .status())
                    .isEqualTo(304);
            if (reply.body().length > 3) {
                var range = send("GET", path(key), null, List.of("Range", "bytes=1-2"));
                assertThat(range.status()).isEqualTo(206);
                assertThat(range.body()).containsExactly(reply.body()[1], reply.body()[2]);
            }
        }
    }

    private static void assertTtl(StoreModel.Item item, Reply reply) {
        assertThat(reply.header("Record-TTL").isPresent()).isEqualTo(item.expiresAt() != null);
        if (item.expiresAt() != null) {
            double left = Double.parseDouble(reply.header("Record-TTL").orElseThrow()) * 1_000;
            assertThat(left + now()).isBetween(item.expiresAt() - TTL_SLACK_MILLIS + 0.0, item.expiresAt() + 2_000.0);
        }
    }

    private static void assertBytes(StoreModel.Item item, byte[] bytes) throws IOException {
        if (item.bytes() != null) {
            assertThat(bytes).isEqualTo(item.bytes());
        } else {
            assertThat(KillLoad.JSON.readTree(bytes)).isEqualTo(item.tree());
        }
    }

    private void delete(String key) throws IOException {
        var headers = new ArrayList<String>();
        var item = model.get(key);
        boolean wrong = random.nextInt(4) == 0;
        if (wrong) {
            headers.addAll(List.of("If-Match", "\"" + (model.newest(key) + 1) + "\""));
        }
        boolean returned = random.nextBoolean();
        var reply = send("DELETE", path(key) + (returned ? "?return=value" : ""), null, headers);
        if (wrong) {
            assertThat(reply.status()).isEqualTo(412);
            return;
        }
        var expected = model.delete(key);
        assertThat(reply.status()).isEqualTo(returned && item != null ? 200 : 204);
        if (returned && item != null) {
            assertBytes(item, reply.body());
        }
        model.confirm(key, expected, 0);
    }

    private void merge(String key) throws IOException {
        var patch = KillLoad.JSON
                .createObjectNode()
                .put("m" + random.nextInt(3), ++unique)
                .putNull("a");
        var reply = send(
                "PATCH",
                path(key),
                WireClient.bytes(patch.toString()),
                List.of("Content-Type", "application/merge-patch+json"));
        confirm(key, model.merge(key, patch), reply);
    }

    private void patch(String key) throws IOException {
        var member = KillLoad.JSON.getNodeFactory().numberNode(++unique);
        boolean holds = random.nextInt(3) > 0;
        var patch = "[{\"op\":\"add\",\"path\":\"/p\",\"value\":%s},{\"op\":\"test\",\"path\":\"/p\",\"value\":%s}]"
                .formatted(member, holds ? member : "-1");
        var reply = send(
                "PATCH", path(key), WireClient.bytes(patch), List.of("Content-Type", "application/json-patch+json"));
        confirm(key, model.addMember(key, "p", member, holds), reply);
    }

    private void operate(String key) throws IOException {
        var name = operation();
        var body = body(key, name);
        var headers = new ArrayList<>(List.of("Content-Type", "application/json"));
        var idempotencyKey = random.nextInt(3) == 0 ? "model-" + ++unique : null;
        if (idempotencyKey != null) {
            headers.addAll(List.of("Idempotency-Key", idempotencyKey));
        }
        var reply = send("POST", path(key) + "/" + name, WireClient.bytes(body.toString()), headers);
        confirm(key, model.operate(key, name, body, now()), reply);
        if (idempotencyKey != null) {
            var again = send("POST", path(key) + "/" + name, WireClient.bytes(body.toString()), headers);
            assertThat(again.status()).isEqualTo(reply.status());
            assertThat(again.text()).isEqualTo(reply.text());
            assertThat(again.header("Idempotency-Replayed")).contains("true");
        }
    }

    private String operation() {
        var names = List.of(
                "increment",
                "compare-and-set",
                "set-children",
                "remove-children",
                "push",
                "pop",
                "get-or-create",
                "touch");
        return names.get(random.nextInt(names.size()));
    }

    private ObjectNode body(String key, String name) {
        var body = KillLoad.JSON.createObjectNode();
        switch (name) {
            case "increment" -> body.put("by", 1 + random.nextInt(9));
            case "compare-and-set" -> {
                var item = model.get(key);
                if (item != null && item.isJson() && random.nextInt(4) > 0) {
                    body.set("expected", item.json());
                }
                body.set("value", value());
            }
            case "set-children" -> body.putObject("values").put("c" + random.nextInt(3), ++unique);
            case "remove-children" -> body.putArray("keys").add("c0").add("a").add("nothing");
            case "push" -> {
                body.put("value", (long) random.nextInt(5)).put("location", random.nextBoolean() ? "head" : "tail");
                body.put("unique", random.nextBoolean());
                if (random.nextBoolean()) {
                    body.put("max", 1 + random.nextInt(4));
                }
            }
            case "pop" -> {
                body.put("location", random.nextBoolean() ? "head" : "tail");
                if (random.nextBoolean()) {
                    body.put("default", "none");
                }
            }
            case "get-or-create" -> {
                body.set("value", value());
                if (random.nextBoolean()) {
                    body.put("ttl", 100_000);
                }
            }
            default -> body.put("ttl", random.nextInt(2) * 200_000);
        }
        return body;
    }

    private void batch(boolean atomic) throws IOException {
        var before = model.copy();
        var body = KillLoad.JSON.createObjectNode().put("atomic", atomic);
        var operations = body.putArray("operations");
        var expected = new ArrayList<Expected>();
        var keys = new ArrayList<String>();
        var touched = new HashMap<String, Boolean>();
        int size = 1 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            var key = key();
            if (touched.put(key, true) != null) {
                continue;
            }
            keys.add(key);
            expected.add(batched(operations.addObject(), key));
        }
        var reply = send(
                "POST",
                STORE + "/batch",
                WireClient.bytes(body.toString()),
                List.of("Content-Type", "application/json"));
        int failed = atomic ? firstFailing(expected, operations) : -1;
        if (failed >= 0) {
            model = before;
            assertThat(reply.status()).isBetween(400, 499);
            assertThat(reply.json().path("index").asInt()).isEqualTo(failed);
            return;
        }
        assertThat(reply.status()).as(reply.toString()).isEqualTo(200);
        var results = KillLoad.json(reply).path("results");
        assertThat(results).hasSize(expected.size());
        for (int i = 0; i < keys.size(); i++) {
            var result = results.get(i);
            assertThat(result.path("status").asInt())
                    .as("%s", result)
                    .isEqualTo(expected.get(i).status());
            check(keys.get(i), expected.get(i), result, result.path("version").asLong());
        }
    }

    private static int firstFailing(List<Expected> expected, JsonNode operations) {
        for (int i = 0; i < expected.size(); i++) {
            var answer = expected.get(i).answer();
            boolean absentGet = operations.get(i).path("op").asText().equals("get");
            boolean refusedSwap = answer != null
                    && answer.has("applied")
                    && !answer.get("applied").asBoolean();
            if (expected.get(i).status() >= 400 && !absentGet || refusedSwap) {
                return i;
            }
        }
        return -1;
    }

    private Expected batched(ObjectNode operation, String key) {
        operation.put("key", key);
        switch (random.nextInt(5)) {
            case 0 -> {
                var value = value();
                operation.put("op", "put").set("value", value);
                return model.put(key, WireClient.bytes(value.toString()), "application/json", null, now());
            }
            case 1 -> {
                operation.put("op", "delete");
                return model.delete(key);
            }
            case 2 -> {
                operation.put("op", "get");
                var item = model.get(key);
                if (item == null) {
                    return new Expected(404, null, null);
                }
                var answer = KillLoad.JSON.createObjectNode();
                if (item.isJson()) {
                    answer.set("value", item.json());
                }
                return new Expected(200, answer.put("contentType", item.contentType()), null);
            }
            default -> {
                var name = operation();
                var body = body(key, name);
                operation.put("op", name).setAll(body);
                return model.operate(key, name, body, now());
            }
        }
    }

    private void list() throws IOException {
        var prefix = List.of("", "d1/", "d2/ü", "nothing").get(random.nextInt(4));
        var delimiter = random.nextInt(3) == 0 ? "/" : "";
        int limit = 1 + random.nextInt(30);
        var wanted = new ArrayList<String>();
        for (var key : model.items().keySet()) {
            if (key.startsWith(prefix)) {
                int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
                var shown = at < 0 ? key : key.substring(0, at + 1) + "*";
                if (!wanted.contains(shown)) {
                    wanted.add(shown);
                }
            }
        }
        var seen = new ArrayList<String>();
        var after = "";
        while (true) {
            var reply = send(
                    "GET",
                    RECORDS + "?values=true&limit=" + limit + "&prefix=" + encoded(prefix) + "&delimiter="
                            + encoded(delimiter) + "&after=" + encoded(after),
                    null,
                    List.of());
            assertThat(reply.status()).isEqualTo(200);
            var page = KillLoad.json(reply);
            assertThat(page.path("items").size() + page.path("prefixes").size()).isLessThanOrEqualTo(limit);
            for (var item : page.path("items")) {
                assertItem(item);
                seen.add(item.path("key").asText());
            }
            page.path("prefixes").forEach(folded -> seen.add(folded.asText() + "*"));
            if (page.path("next").isNull()) {
                break;
            }
            after = page.path("next").asText();
        }
        assertThat(seen).containsExactlyInAnyOrderElementsOf(wanted);
    }

    private void assertItem(JsonNode listed) throws IOException {
        var item = model.get(listed.path("key").asText());
        assertThat(item).as("%s", listed).isNotNull();
        assertThat(listed.path("version").asLong()).isEqualTo(item.version());
        assertThat(listed.path("contentType").asText()).isEqualTo(item.contentType());
        assertThat(listed.path("expiresAt").isNull()).isEqualTo(item.expiresAt() == null);
        if (item.expiresAt() != null) {
            assertThat(Instant.parse(listed.path("expiresAt").asText()).toEpochMilli())
                    .isBetween(item.expiresAt() - TTL_SLACK_MILLIS, item.expiresAt() + 2_000);
        }
        if (item.isJson()) {
            assertThat(listed.path("value")).isEqualTo(item.json());
        } else {
            assertThat(listed.path("base64").binaryValue()).isEqualTo(item.bytes());
        }
        if (item.bytes() != null) {
            assertThat(listed.path("size").asInt()).isEqualTo(item.bytes().length);
        }
    }

    private void history(String key) throws IOException {
        var log = model.log(key);
        var items = new ArrayList<JsonNode>();
        var before = "";
        while (true) {
            var reply = send("GET", path(key) + "/history?limit=7" + before, null, List.of());
            assertThat(reply.status()).isEqualTo(200);
            KillLoad.json(reply).path("items").forEach(items::add);
            if (reply.json().path("next").isNull()) {
                break;
            }
            before = "&before=" + reply.json().path("next").asText();
        }
        Collections.reverse(items);
        assertThat(items.stream().map(item -> item.path("operation").asText()))
                .as("history of %s", key)
                .isEqualTo(log.stream().map(Logged::operation).toList());
        long last = 0;
        for (int i = 0; i < items.size(); i++) {
            long version = items.get(i).path("version").asLong();
            assertThat(version).isGreaterThan(last);
            if (log.get(i).version() > 0) {
                assertThat(version).isEqualTo(log.get(i).version());
            }
            log.set(i, new Logged(log.get(i).operation(), version));
            last = version;
        }
    }

    private void version(String key) throws IOException {
        var log = model.log(key);
        if (log.isEmpty()) {
            return;
        }
        var logged = log.get(random.nextInt(log.size()));
        if (logged.version() == 0) {
            return;
        }
        boolean isGone = List.of("delete", "clear").contains(logged.operation());
        var reply = send("GET", path(key) + "?version=" + logged.version(), null, List.of());
        assertThat(reply.status()).isEqualTo(isGone ? 404 : 200);
        if (!isGone) {
            assertThat(reply.version()).isEqualTo(logged.version());
        }
    }

    private void load() throws IOException {
        var lines = new StringBuilder();
        var changes = new HashMap<String, Expected>();
        int size = 1 + random.nextInt(5);
        for (int i = 0; i < size; i++) {
            var key = key();
            if (!changes.containsKey(key)) {
                var value = value();
                ObjectNode line =
                        KillLoad.JSON.createObjectNode().put("key", key).set("value", value);
                lines.append(line).append('\n');
                changes.put(key, model.put(key, WireClient.bytes(value.toString()), "application/json", null, now()));
            }
        }
        lines.append("{\"key\":\"d0/bad\"}\n");
        var reply = send(
                "POST", RECORDS, WireClient.bytes(lines.toString()), List.of("Content-Type", "application/x-ndjson"));
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.json().path("imported").asInt()).as(reply.text()).isEqualTo(changes.size());
        assertThat(reply.json().path("failed").path(0).path("line").asInt()).isEqualTo(changes.size() + 1);
        for (var change : changes.entrySet()) {
            // An import tells no versions: they are learnt by reading.
            var now = send("HEAD", path(change.getKey()), null, List.of());
            assertThat(now.version()).isGreaterThan(model.newest(change.getKey()));
            model.confirm(change.getKey(), change.getValue(), now.version());
        }
    }

    private void export() throws IOException {
        var prefix = "d" + random.nextInt(4) + "/";
        var reply =
                send("GET", RECORDS + "?prefix=" + encoded(prefix), null, List.of("Accept", "application/x-ndjson"));
        assertThat(reply.status()).isEqualTo(200);
        var keys = new ArrayList<String>();
        for (var line : reply.text().lines().toList()) {
            var item = KillLoad.JSON.readTree(line);
            keys.add(item.path("key").asText());
            assertItem(item);
        }
        assertThat(keys)
                .isEqualTo(model.items().keySet().stream()
                        .filter(key -> key.startsWith(prefix))
                        .toList());
    }

    private void store() throws IOException {
        var store = send("GET", STORE, null, List.of()).json();
        assertThat(store.path("records").asInt()).isEqualTo(model.items().size());
    }

    private void rarely() throws IOException {
        switch (random.nextInt(10)) {
            case 0 -> {
                var reply = send("DELETE", RECORDS, null, List.of());
                assertThat(reply.json().path("deleted").asInt())
                        .isEqualTo(model.items().size());
                model.clear();
            }
            case 1, 2, 3 -> {
                var prefix = "d" + random.nextInt(4) + "/k";
                var keys = model.items().keySet().stream()
                        .filter(key -> key.startsWith(prefix))
                        .toList();
                var reply = send("DELETE", RECORDS + "?prefix=" + encoded(prefix), null, List.of());
                assertThat(reply.json().path("deleted").asInt()).isEqualTo(keys.size());
                keys.forEach(key -> model.confirm(key, model.delete(key), 0));
            }
            default -> checkAll();
        }
    }

    private void checkAll() throws IOException {
        store();
        list();
        for (int i = 0; i < 5; i++) {
            history(key());
        }
        for (var key : List.copyOf(model.items().keySet())) {
            get(key);
        }
    }

    private void confirm(String key, Expected expected, Reply reply) throws IOException {
        assertThat(reply.status()).as(reply.toString()).isEqualTo(expected.status());
        boolean isPatch = "patch".equals(expected.operation());
        var answer = expected.answer() == null ? null : KillLoad.json(reply);
        if (isPatch) {
            assertThat(answer).isEqualTo(expected.answer());
        }
        long version = expected.operation() != null ? reply.version() : 0;
        check(key, isPatch ? new Expected(expected.status(), null, "patch") : expected, answer, version);
    }

    private void check(String key, Expected expected, JsonNode answer, long version) {
        if (expected.answer() != null) {
            for (Map.Entry<String, JsonNode> member : (Iterable<Map.Entry<String, JsonNode>>)
                    () -> expected.answer().fields()) {
                assertThat(answer.get(member.getKey()))
                        .as("%s of %s", member.getKey(), answer)
                        .isEqualTo(member.getValue());
            }
        }
        if (expected.operation() != null && !expected.operation().equals("delete")) {
            assertThat(version).as("version of %s", key).isGreaterThan(model.newest(key));
        } else if (expected.answer() != null
                && model.get(key) != null
                && answer.path("version").isNumber()) {
            assertThat(answer.path("version").asLong()).isEqualTo(model.get(key).version());
        }
        model.confirm(
                key,
                expected,
                expected.operation() == null || expected.operation().equals("delete") ? 0 : version);
    }

    private Reply send(String method, String path, byte[] body, List<String> headers) throws IOException {
        doing.add(method + " " + path + " " + headers.stream().collect(Collectors.joining(" ")) + " "
                + (body == null || body.length > 200 ? "" : new String(body, StandardCharsets.UTF_8)));
        var reply = client.send(method, path, body, headers.toArray(String[]::new));
        // With hardly any memory a batch may lose a record before its commit; then nothing has happened.
        for (int i = 0; i < REPEATS_MAX && reply.status() == 503; i++) {
            reply = client.send(method, path, body, headers.toArray(String[]::new));
        }
        doing.add(" -> " + reply.status() + " " + (reply.body().length > 300 ? "" : reply.text()));
        return reply;
    }

    private static long now() {
        return System.currentTimeMillis();
    }
}
