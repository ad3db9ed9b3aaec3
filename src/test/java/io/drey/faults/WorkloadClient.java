// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.contract.Reply;
import io.drey.faults.KeyAudit.Effect;
import io.drey.faults.Linearizability.Action;
import io.drey.faults.Linearizability.CompareAndSet;
import io.drey.faults.Linearizability.Delete;
import io.drey.faults.Linearizability.Get;
import io.drey.faults.Linearizability.Increment;
import io.drey.faults.Linearizability.Operation;
import io.drey.faults.Linearizability.Put;
import io.drey.faults.NodeCaller.Answer;
import io.drey.faults.NodeCaller.Certainty;
import io.drey.faults.NodeCaller.Request;
import java.io.IOException;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;

/**
 * One client of a {@link Workload}. The number of a key says what is done with it: registers (0, 4, …) are put,
 * deleted, compared and incremented; lists (1, 5, …) pushed to and popped from; counters (2, 6, …) incremented; objects
 * (3, 7, …) patched and deleted. Each value is written once. Increments, pushes and pops bear an idempotency key under
 * which they are repeated until they are answered, everything else is sent once, unless all is to be repeated.
 */
final class WorkloadClient {
    private static final int KINDS = 4;
    /** Room for the increments of a register between two values that are put. */
    private static final long VALUE_STEP = 1_000_000;

    private static final String JSON = "application/json";
    private static final String MERGE_PATCH = "application/merge-patch+json";

    private final Workload workload;
    private final NodeCaller caller;
    private final Random random;
    private final History history;
    private final Timeline timeline;
    private final AtomicLong numbers;

    WorkloadClient(Workload workload, NodeCaller caller, Random random, AtomicLong numbers) {
        this.workload = workload;
        this.caller = caller;
        this.random = random;
        this.history = workload.history();
        this.timeline = workload.timeline();
        this.numbers = numbers;
    }

    void run(BooleanSupplier goesOn) throws IOException {
        while (goesOn.getAsBoolean()) {
            int number = random.nextInt(workload.keys());
            var key = "key-" + number;
            switch (number % KINDS) {
                case 0 -> register(key);
                case 1 -> list(key);
                case 2 -> counter(key);
                default -> object(key);
            }
        }
    }

    private void register(String key) throws IOException {
        switch (random.nextInt(10)) {
            case 0, 1 -> put(key, numbers.incrementAndGet() * VALUE_STEP);
            case 2 -> delete(key, "");
            case 3, 4 -> compareAndSet(key, numbers.incrementAndGet() * VALUE_STEP);
            case 5, 6 -> increment(key);
            default -> get(key, "");
        }
    }

    private void list(String key) throws IOException {
        var path = path(key);
        switch (random.nextInt(9)) {
            case 0, 1, 2, 3 -> {
                long element = numbers.incrementAndGet();
                var request = once("POST", path + "/push", JSON, "{\"value\":" + element + "}");
                settled(key, "push", KillLoad.JSON.readTree(String.valueOf(element)), settle(request));
            }
            case 4, 5, 6 ->
                settled(key, "pop", null, settle(once("POST", path + "/pop", JSON, "{\"location\":\"head\"}")));
            default -> read(key);
        }
    }

    private void counter(String key) throws IOException {
        if (random.nextInt(3) == 0) {
            read(key);
            return;
        }
        long by = 1 + random.nextInt(7);
        var request = once("POST", path(key) + "/increment", JSON, "{\"by\":" + by + "}");
        settled(key, "increment", KillLoad.JSON.readTree(String.valueOf(by)), settle(request));
    }

    private void object(String key) throws IOException {
        switch (random.nextInt(9)) {
            case 0 -> delete(key, "n");
            case 1, 2, 3, 4, 5 -> patch(key, numbers.incrementAndGet());
            default -> get(key, "n");
        }
    }

    private void put(String key, long value) throws IOException {
        var answer = send("PUT", path(key), JSON, String.valueOf(value));
        change(key, "put", answer, new Put(value, null), reply -> new Put(value, reply.status() == 201), 201, 204);
    }

    private void patch(String key, long value) throws IOException {
        var answer = send("PATCH", path(key), MERGE_PATCH, "{\"n\":" + value + "}");
        change(key, "patch", answer, new Put(value, null), reply -> new Put(value, reply.status() == 201), 200, 201);
    }

    private void delete(String key, String member) throws IOException {
        var answer = send("DELETE", path(key) + "?return=value", JSON, null);
        if (answer.certainty() == Certainty.ANSWERED && answer.reply().status() == 204) {
            // It has changed nothing.
            note(key, answer, new Delete(null));
            acknowledge(key, answer);
            return;
        }
        change(key, "delete", answer, new Delete(null), reply -> new Delete(value(reply.body(), member)), 200);
    }

    private void compareAndSet(String key, long value) throws IOException {
        var found = get(key, "");
        if (found.certainty() != Certainty.ANSWERED) {
            return;
        }
        var expected =
                found.reply().status() == 404 ? null : value(found.reply().body(), "");
        var body = "{\"expected\":" + expected + ",\"value\":" + value + "}";
        var answer = send("POST", path(key) + "/compare-and-set", JSON, body);
        var unknown = new CompareAndSet(expected, value, true, null);
        if (answer.certainty() == Certainty.ANSWERED) {
            var json = KillLoad.json(answer.reply());
            if (!json.path("applied").asBoolean()) {
                note(key, answer, new CompareAndSet(expected, value, false, number(json.path("value"))));
                acknowledge(key, answer);
                return;
            }
        }
        change(
                key,
                "compare-and-set",
                answer,
                unknown,
                reply -> new CompareAndSet(
                        expected, value, true, number(KillLoad.json(reply).path("value"))),
                200);
    }

    /** Of a register. */
    private void increment(String key) throws IOException {
        var answer = settle(once("POST", path(key) + "/increment", JSON, "{}"));
        change(
                key,
                "increment",
                answer,
                null,
                reply -> new Increment(1, KillLoad.json(reply).path("value").asLong()),
                200);
    }

    /** Of a register or an object. */
    private Answer get(String key, String member) throws IOException {
        var answer = send("GET", path(key), JSON, null);
        if (answer.certainty() == Certainty.ANSWERED) {
            assertStatus(answer, 200, 404);
            var reply = answer.reply();
            note(key, answer, new Get(reply.status() == 404 ? null : value(reply.body(), member)));
            timeline.read();
        }
        return answer;
    }

    /** Reads a list or a counter. */
    private void read(String key) throws IOException {
        var answer = send("GET", path(key), JSON, null);
        if (answer.certainty() != Certainty.ANSWERED) {
            return;
        }
        assertStatus(answer, 200, 404);
        var reply = answer.reply();
        timeline.read();
        if (reply.status() == 404) {
            history.absent(key, answer.asked());
        } else {
            history.settled(key, effect("get", null, answer, reply.version(), false, KillLoad.json(reply), null));
        }
    }

    private void settled(String key, String operation, JsonNode argument, Answer answer) throws IOException {
        assertStatus(answer, 200);
        var json = KillLoad.json(answer.reply());
        var popped = json.path("popped");
        boolean changed = !popped.isNull();
        history.settled(
                key,
                effect(
                        operation,
                        argument,
                        answer,
                        json.path("version").asLong(),
                        changed,
                        json.path("value"),
                        popped));
        acknowledge(key, answer);
    }

    private static Effect effect(
            String operation,
            JsonNode argument,
            Answer answer,
            long version,
            boolean changed,
            JsonNode value,
            JsonNode popped) {
        return new Effect(operation, argument, answer.asked(), answer.answered(), version, changed, value, popped);
    }

    /** Notes a change of a register or an object, acknowledged with one of these statuses, or unknown. */
    private void change(String key, String operation, Answer answer, Action unknown, Told told, Integer... statuses)
            throws IOException {
        switch (answer.certainty()) {
            case ANSWERED -> {
                assertStatus(answer, statuses);
                note(key, answer, told.by(answer.reply()));
                history.changed(
                        key,
                        operation,
                        operation.equals("delete") ? 0 : answer.reply().version());
                acknowledge(key, answer);
            }
            case UNKNOWN -> {
                history.open(key, new Operation(answer.asked(), Linearizability.NEVER, unknown));
                history.unknown(key, operation);
            }
            case REFUSED -> {
                // Nothing has happened, which the other operations show if it is wrong.
            }
        }
    }

    private void note(String key, Answer answer, Action action) {
        history.open(key, new Operation(answer.asked(), answer.answered(), action));
    }

    private void acknowledge(String key, Answer answer) {
        timeline.acknowledged(answer.node().port(), key);
    }

    private static void assertStatus(Answer answer, Integer... statuses) {
        assertThat(answer.reply().status()).as("%s", answer).isIn((Object[]) statuses);
    }

    private Answer send(String method, String path, String contentType, String body) {
        if (workload.repeatsEverything()) {
            return settle(once(method, path, contentType, body));
        }
        return caller.ask(new Request(method, path, contentType, body, null));
    }

    private Answer settle(Request request) {
        var answer = caller.settle(request);
        workload.tried(request, answer);
        return answer;
    }

    private Request once(String method, String path, String contentType, String body) {
        var idempotencyKey = method.equals("GET") ? null : workload.name() + "-" + numbers.incrementAndGet();
        return new Request(method, path, contentType, body, idempotencyKey);
    }

    private String path(String key) {
        return workload.path() + "/records/" + key;
    }

    private static Long value(byte[] body, String member) throws IOException {
        var json = KillLoad.JSON.readTree(body);
        return number(member.isEmpty() ? json : json.path(member));
    }

    private static Long number(JsonNode json) {
        return json.isNull() ? null : Long.valueOf(json.asLong());
    }

    private interface Told {
        Action by(Reply reply) throws IOException;
    }
}
