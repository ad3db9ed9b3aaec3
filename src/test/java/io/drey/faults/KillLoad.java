// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.contract.Reply;
import io.drey.faults.KeyAudit.Effect;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What the clients of {@link KillIT} do: operations of every kind on few hot and many cold keys, each with an
 * idempotency key under which it is repeated until it is answered, and each answer noted. Keys with an even number hold
 * numbers, the others lists.
 */
final class KillLoad {
    /** One kind of node for whole numbers, so that equal ones are equal. */
    static final ObjectMapper JSON = new ObjectMapper().enable(DeserializationFeature.USE_LONG_FOR_INTS);

    static final String STORE = "/v1/stores/kill";
    static final int LINES = 200;

    private static final int HOT = 10;
    private static final int COLD = 1_000;
    private static final int KEPT_ANSWERS = 2_000;
    private static final long RESTART_SECONDS = 120;

    private final ServerProcess server;
    private final Map<String, KeyAudit> audits = new ConcurrentHashMap<>();
    private final AtomicLong numbers = new AtomicLong();
    private final ConcurrentLinkedQueue<Answered> answers = new ConcurrentLinkedQueue<>();
    private final AtomicInteger stores = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> imported = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> removed = new ConcurrentLinkedQueue<>();
    private final AtomicReference<CompletableFuture<Void>> up = new AtomicReference<>(new CompletableFuture<>());
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile CountDownLatch expected = new CountDownLatch(0);
    private volatile boolean stopping;

    KillLoad(ServerProcess server) {
        this.server = server;
    }

    /** Clients that lose their connection wait from now on until {@link #isUp}. */
    void isDown() {
        up.set(new CompletableFuture<>());
    }

    void isUp() {
        up.get().complete(null);
    }

    /** Waits until so many further operations were answered. */
    void await(int operations) throws InterruptedException {
        expected = new CountDownLatch(operations);
        boolean done = expected.await(RESTART_SECONDS, TimeUnit.SECONDS);
        if (failure.get() != null) {
            throw new AssertionError("a client has failed", failure.get());
        }
        assertThat(done).as("clients get on").isTrue();
    }

    /** What is under way is brought to its end, nothing new is begun. */
    void finish() {
        stopping = true;
    }

    void resume() {
        stopping = false;
    }

    Map<String, KeyAudit> audits() {
        return audits;
    }

    /** Answers whose repetition must be the same. */
    List<Answered> answers() {
        return List.copyOf(answers);
    }

    /** How many stores were made beside the one of the load. */
    int stores() {
        return stores.get();
    }

    /** Prefixes of keys that were imported, and not deleted again. */
    ConcurrentLinkedQueue<String> imported() {
        return imported;
    }

    /** Prefixes of keys that were imported and deleted. */
    ConcurrentLinkedQueue<String> removed() {
        return removed;
    }

    /** One client; runs until {@link #finish}. */
    void run(long seed) throws Exception {
        var random = new Random(seed);
        try (var client = server.client()) {
            while (!stopping) {
                step(client, random);
            }
        } catch (Throwable e) {
            failure.compareAndSet(null, e);
            while (expected.getCount() > 0) {
                expected.countDown();
            }
            throw e;
        }
    }

    private void step(WireClient client, Random random) throws Exception {
        int choice = random.nextInt(1_000);
        if (choice < 5) {
            makeStore(client, random.nextBoolean());
        } else if (choice < 9) {
            load(client, random.nextBoolean());
        } else if (choice < 100) {
            atomicBatch(client, random);
        } else if (choice < 150) {
            batch(client, random);
        } else {
            operate(client, random);
        }
        expected.countDown();
    }

    private void operate(WireClient client, Random random) throws Exception {
        int number = random.nextBoolean() ? random.nextInt(HOT) : HOT + random.nextInt(COLD);
        boolean isList = number % 2 == 1;
        var key = "key-" + number;
        long unique = numbers.incrementAndGet();
        switch (random.nextInt(10)) {
            case 0 -> put(client, key, isList ? "[" + unique + "]" : String.valueOf(unique * 1_000_000));
            case 1 -> delete(client, key);
            case 2 -> post(client, key, "get-or-create", isList ? "[" + unique + "]" : String.valueOf(unique));
            case 3, 4 -> compareAndSet(client, key, isList ? "[" + unique + "]" : String.valueOf(unique));
            case 5, 6, 7 ->
                post(client, key, isList ? "push" : "increment", String.valueOf(isList ? unique : 1 + unique % 7));
            default -> post(client, key, isList ? "pop" : "increment", isList ? null : "-1");
        }
    }

    private void put(WireClient client, String key, String value) throws Exception {
        var answered = ask(client, "PUT", STORE + "/records/" + key, value, 201, 204);
        note(key, "put", JSON.readTree(value), answered, answered.reply().version(), true, null, null);
    }

    private void delete(WireClient client, String key) throws Exception {
        var answered = ask(client, "DELETE", STORE + "/records/" + key + "?return=value", null, 200, 204);
        if (answered.reply().status() == 200) {
            note(key, "delete", null, answered, 0, true, json(answered.reply()), null);
        }
    }

    private void compareAndSet(WireClient client, String key, String value) throws Exception {
        var present =
                ask(client, "GET", STORE + "/records/" + key, null, 200, 404).reply();
        var found = present.status() == 200 ? json(present) : NullNode.instance;
        operate(
                client,
                key,
                "compare-and-set",
                JSON.createObjectNode().<ObjectNode>set("expected", found).set("value", JSON.readTree(value)));
    }

    private void post(WireClient client, String key, String operation, String argument) throws Exception {
        operate(client, key, operation, argument == null ? null : JSON.readTree(argument));
    }

    private void operate(WireClient client, String key, String operation, JsonNode argument) throws Exception {
        var body = body(operation, argument);
        var answered = ask(client, "POST", STORE + "/records/" + key + "/" + operation, body, 200);
        noteResult(key, operation, argument, answered, json(answered.reply()));
    }

    private static String body(String operation, JsonNode argument) {
        return switch (operation) {
            case "increment" -> "{\"by\":" + argument + "}";
            case "push", "get-or-create" -> "{\"value\":" + argument + "}";
            case "pop" -> "{\"location\":\"head\"}";
            default -> argument.toString();
        };
    }

    private void atomicBatch(WireClient client, Random random) throws Exception {
        var first = "key-" + 2 * random.nextInt(HOT / 2);
        var second = "key-" + 2 * random.nextInt((HOT + COLD) / 2);
        var keys = List.of(first, second, first);
        var body = keys.stream()
                .map(key -> "{\"op\":\"increment\",\"key\":\"" + key + "\",\"by\":3}")
                .collect(Collectors.joining(",", "{\"atomic\":true,\"operations\":[", "]}"));
        var answered = ask(client, "POST", STORE + "/batch", body, 200);
        for (int i = 0; i < keys.size(); i++) {
            noteResult(keys.get(i), "increment", JSON.readTree("3"), answered, result(answered, i));
        }
    }

    private void batch(WireClient client, Random random) throws Exception {
        var number = "key-" + 2 * random.nextInt((HOT + COLD) / 2);
        var list = "key-" + (1 + 2 * random.nextInt((HOT + COLD) / 2));
        long unique = numbers.incrementAndGet();
        var body = ("{\"operations\":[{\"op\":\"put\",\"key\":\"%s\",\"value\":%d},"
                        + "{\"op\":\"push\",\"key\":\"%s\",\"value\":%d}]}")
                .formatted(number, unique, list, unique);
        var answered = ask(client, "POST", STORE + "/batch", body, 200);
        var argument = JSON.readTree(String.valueOf(unique));
        note(
                number,
                "put",
                argument,
                answered,
                result(answered, 0).path("version").asLong(),
                true,
                null,
                null);
        noteResult(list, "push", argument, answered, result(answered, 1));
    }

    static JsonNode json(Reply reply) throws IOException {
        return JSON.readTree(reply.body());
    }

    private static JsonNode result(Answered answered, int index) throws IOException {
        return json(answered.reply()).path("results").path(index);
    }

    private void load(WireClient client, boolean delete) throws Exception {
        var prefix = "load-" + numbers.incrementAndGet() + "-";
        var lines = IntStream.range(0, LINES)
                .mapToObj(line -> "{\"key\":\"%s%d\",\"value\":%d}".formatted(prefix, line, line))
                .collect(Collectors.joining("\n"));
        var reply = ask(client, "POST", STORE + "/records", lines, 200).reply();
        assertThat(json(reply).path("imported").asInt()).as(reply.text()).isEqualTo(LINES);
        if (delete) {
            var answer = ask(client, "DELETE", STORE + "/records?prefix=" + prefix, null, 200)
                    .reply();
            assertThat(json(answer).path("deleted").asInt()).as(prefix).isEqualTo(LINES);
        }
        (delete ? removed : imported).add(prefix);
    }

    private void makeStore(WireClient client, boolean named) throws Exception {
        long unique = numbers.incrementAndGet();
        var body = named ? "{\"name\":\"s-" + unique + "\"}" : "{\"title\":\"t-" + unique + "\"}";
        ask(client, "POST", "/v1/stores", body, 201);
        stores.incrementAndGet();
    }

    /** Sends it under one idempotency key until there is an answer that says what happened. */
    private Answered ask(WireClient client, String method, String path, String body, Integer... wanted)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        boolean isImport = path.equals(STORE + "/records");
        var request = new Request(
                method,
                path,
                body,
                isImport ? "application/x-ndjson" : "application/json",
                "key-" + numbers.incrementAndGet());
        long asked = System.nanoTime();
        while (true) {
            var ready = up.get();
            try {
                var reply = request.send(client);
                boolean again = List.of(503, 504).contains(reply.status())
                        || isImport && json(reply).path("stopped").asBoolean();
                if (!again) {
                    assertThat(reply.status()).as("%s: %s", request, reply).isIn((Object[]) wanted);
                    var answered = new Answered(request, reply, asked, System.nanoTime());
                    keep(answered);
                    return answered;
                }
            } catch (IOException e) {
                ready.get(RESTART_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    private void keep(Answered answered) {
        if (!answered.request().method().equals("GET")) {
            answers.add(answered);
            if (answers.size() > KEPT_ANSWERS) {
                answers.poll();
            }
        }
    }

    private void noteResult(String key, String operation, JsonNode argument, Answered answered, JsonNode result) {
        boolean changed =
                switch (operation) {
                    case "compare-and-set" -> result.path("applied").asBoolean();
                    case "get-or-create" -> result.path("created").asBoolean();
                    case "pop" -> !result.path("popped").isNull();
                    default -> true;
                };
        note(
                key,
                operation,
                argument,
                answered,
                result.path("version").asLong(),
                changed,
                result.path("value"),
                result.path("popped"));
    }

    private void note(
            String key,
            String operation,
            JsonNode argument,
            Answered answered,
            long version,
            boolean changed,
            JsonNode answer,
            JsonNode popped) {
        audits.computeIfAbsent(key, KeyAudit::new)
                .note(new Effect(
                        operation, argument, answered.asked(), answered.at(), version, changed, answer, popped));
    }

    /** A request that may be sent again as it is. */
    record Request(String method, String path, String body, String contentType, String idempotencyKey) {
        Reply send(WireClient client) throws IOException {
            return client.send(
                    method,
                    path,
                    body == null ? null : WireClient.bytes(body),
                    "Content-Type",
                    contentType,
                    "Idempotency-Key",
                    idempotencyKey);
        }
    }

    /** A request and what came of it; times in nanoseconds. */
    record Answered(Request request, Reply reply, long asked, long at) {}
}
