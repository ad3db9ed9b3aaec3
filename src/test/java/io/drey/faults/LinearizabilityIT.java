// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.contract.Reply;
import io.drey.faults.Linearizability.Action;
import io.drey.faults.Linearizability.CompareAndSet;
import io.drey.faults.Linearizability.Delete;
import io.drey.faults.Linearizability.Get;
import io.drey.faults.Linearizability.Increment;
import io.drey.faults.Linearizability.Operation;
import io.drey.faults.Linearizability.Put;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many clients work on few keys while hardly anything fits into memory and the server is killed or stopped; what each
 * saw of a key must be explained by one order. Clients never repeat anything: what lost its connection or was answered
 * 504 may have happened or not.
 */
class LinearizabilityIT {
    private static final int CLIENTS = 12;
    private static final int KEYS = 40;
    private static final int FILLERS = 4_000;
    private static final int OPERATIONS_A_ROUND = 4_000;
    private static final int ROUNDS = 4;
    private static final String STORE = "/v1/stores/register";

    private final long seed = Long.getLong("drey.seed", System.nanoTime());
    private final Map<String, List<Operation>> histories = new ConcurrentHashMap<>();
    private final AtomicLong values = new AtomicLong(1_000_000);
    private final Semaphore operations = new Semaphore(0);
    private volatile boolean ending;

    @TempDir
    Path directory;

    @Test
    void everyKeyIsLinearizableThroughEvictionsKillsAndStops() throws Exception {
        System.out.println("LinearizabilityIT: -Ddrey.seed=" + seed);
        var random = new Random(seed);
        try (var server = new ServerProcess(directory).with("--memory.records=64KiB", "--memory.heads-max=1000")) {
            server.start();
            try (var client = server.client()) {
                assertThat(client.post("/v1/stores", "{\"name\":\"register\"}").status())
                        .isEqualTo(201);
            }
            for (int round = 0; round < ROUNDS; round++) {
                round(server, random, round);
            }
        }
        histories.forEach((key, history) -> assertThat(Linearizability.isLinearizable(history))
                .as("%s: %s", key, history)
                .isTrue());
    }

    private void round(ServerProcess server, Random random, int round) throws Exception {
        ending = false;
        var executor = Executors.newFixedThreadPool(CLIENTS);
        try {
            var clients = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                long clientSeed = random.nextLong();
                clients.add(executor.submit(() -> {
                    work(server, new Random(clientSeed));
                    return null;
                }));
            }
            assertThat(operations.tryAcquire(OPERATIONS_A_ROUND, 1, TimeUnit.MINUTES))
                    .isTrue();
            ending = true;
            if (round % 2 == 0) {
                server.kill();
            } else {
                server.stop();
            }
            for (var client : clients) {
                client.get(1, TimeUnit.MINUTES);
            }
            server.start();
        } finally {
            executor.shutdownNow();
        }
    }

    /** Until the server is gone. */
    private void work(ServerProcess server, Random random) throws IOException {
        try (var client = server.client()) {
            while (true) {
                if (random.nextInt(3) == 0) {
                    // Pushes the keys that count out of memory.
                    client.put(STORE + "/records/filler-" + random.nextInt(FILLERS), "[" + random.nextLong() + "]");
                }
                operate(client, "key-" + random.nextInt(KEYS), random);
                operations.release();
            }
        } catch (ConnectException e) {
            // Nothing was sent: this client is done.
        } catch (IOException e) {
            // A server that stops closes idle connections, perhaps just when a request sets out, before it is gone.
            if (!ending) {
                throw new AssertionError("a connection broke although the server lives", e);
            }
        }
    }

    private void operate(WireClient client, String key, Random random) throws IOException {
        var path = STORE + "/records/" + key;
        long value = values.incrementAndGet();
        long called = System.nanoTime();
        switch (random.nextInt(6)) {
            case 0 ->
                note(
                        key,
                        called,
                        new Put(value, null),
                        () -> client.put(path, String.valueOf(value)),
                        (reply, json) -> new Put(value, reply.status() == 201));
            case 1 ->
                note(
                        key,
                        called,
                        new Delete(null),
                        () -> client.delete(path + "?return=value"),
                        (reply, json) -> new Delete(reply.status() == 204 ? null : Long.valueOf(json.asLong())));
            case 2 ->
                note(
                        key,
                        called,
                        new Increment(1, 0),
                        () -> client.post(path + "/increment", "{}"),
                        (reply, json) -> new Increment(1, json.path("value").asLong()));
            case 3, 4 -> compareAndSet(client, key, value);
            default -> get(client, key);
        }
    }

    private Long get(WireClient client, String key) throws IOException {
        var found = new ArrayList<Long>();
        note(key, System.nanoTime(), null, () -> client.get(STORE + "/records/" + key), (reply, json) -> {
            found.add(reply.status() == 404 ? null : Long.valueOf(json.asLong()));
            return new Get(found.get(0));
        });
        return found.isEmpty() ? null : found.get(0);
    }

    private void compareAndSet(WireClient client, String key, long value) throws IOException {
        var expected = get(client, key);
        var body = "{\"expected\":" + expected + ",\"value\":" + value + "}";
        note(
                key,
                System.nanoTime(),
                new CompareAndSet(expected, value, true, null),
                () -> client.post(STORE + "/records/" + key + "/compare-and-set", body),
                (reply, json) -> new CompareAndSet(
                        expected,
                        value,
                        json.path("applied").asBoolean(),
                        json.path("value").isNull()
                                ? null
                                : Long.valueOf(json.path("value").asLong())));
    }

    /** Notes what came back; {@code unknown} stands for an operation that nothing is known of, null for a mere read. */
    private void note(String key, long called, Action unknown, Request request, Answer answer) throws IOException {
        var history = histories.computeIfAbsent(key, any -> new CopyOnWriteArrayList<>());
        try {
            var reply = request.send();
            long answered = System.nanoTime();
            int status = reply.status();
            if (status == 503) {
                return;
            }
            if (status == 504) {
                addUnknown(history, called, unknown);
                return;
            }
            assertThat(status).as("%s: %s", key, reply).isIn(200, 201, 204, 404);
            history.add(new Operation(called, answered, answer.of(reply, KillLoad.json(reply))));
        } catch (ConnectException e) {
            throw e;
        } catch (IOException e) {
            addUnknown(history, called, unknown);
            throw e;
        }
    }

    private static void addUnknown(List<Operation> history, long called, Action unknown) {
        if (unknown != null) {
            history.add(new Operation(called, Linearizability.NEVER, unknown));
        }
    }

    private interface Request {
        Reply send() throws IOException;
    }

    private interface Answer {
        Action of(Reply reply, JsonNode json);
    }
}
