// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.faults.NodeCaller.Answer;
import io.drey.faults.NodeCaller.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.awaitility.core.ConditionFactory;

/**
 * Clients that work on the nodes of a story while it does them harm, and what they have seen. A story starts it, waits
 * until it runs at a rate that counts, does its harm, waits for writes to be acknowledged again, finishes and checks.
 */
final class Workload implements AutoCloseable {
    /** Fewer acknowledged writes a second before a fault, and the run shows nothing. */
    static final double RATE_MIN = 100;

    private static final int WRITES_MIN = 300;
    private static final int CLIENTS = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final long RATE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long FINISH_MINUTES = 3;

    private final String name;
    private final Supplier<List<ServerProcess>> nodes;
    private final int keys;
    private final long seed;
    private final History history = new History();
    private final Timeline timeline = new Timeline();
    private final AtomicLong numbers = new AtomicLong();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ConcurrentLinkedQueue<String> repeated = new ConcurrentLinkedQueue<>();
    private final List<Future<?>> clients = new ArrayList<>();
    private final ExecutorService executor = Executors.newFixedThreadPool(CLIENTS);
    private boolean repeatsEverything;
    private volatile boolean ending;
    private double rate;
    private long started;
    private long ended;

    /**
     * A load that has not begun.
     *
     * @param name of the story, for its report, and of the store in small letters
     * @param nodes that the clients know at any time
     * @param keys how many; few make for contention, many for loads from the database
     */
    Workload(String name, Supplier<List<ServerProcess>> nodes, int keys, long seed) {
        this.name = name;
        this.nodes = nodes;
        this.keys = keys;
        this.seed = seed;
    }

    /** Has every operation repeated under an idempotency key until it is answered, so that none stays unknown. */
    Workload repeatingEverything() {
        repeatsEverything = true;
        return this;
    }

    /** Makes the store and lets the clients begin. */
    Workload start() throws IOException {
        System.out.println(name + ": -Ddrey.seed=" + seed);
        try (var client = nodes.get().get(0).client()) {
            var reply = client.post("/v1/stores", "{\"name\":\"" + store() + "\"}");
            assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        }
        var random = new Random(seed);
        started = System.nanoTime();
        for (int i = 0; i < CLIENTS; i++) {
            long clientSeed = random.nextLong();
            clients.add(executor.submit(() -> work(new Random(clientSeed))));
        }
        return this;
    }

    /** Waits until writes have been acknowledged at a rate that counts, and there are enough of them to be harmed. */
    void awaitRate() {
        waiting("a rate that counts").until(() -> timeline.writes() >= WRITES_MIN && (rate = rate()) >= RATE_MIN);
        System.out.printf("%s: %.0f writes/s before the fault%n", name, rate);
    }

    /** Waits until a request was refused or left open from now on: the fault shows. */
    void awaitTrouble() {
        int before = timeline.refusals() + timeline.unknowns();
        waiting("trouble").until(() -> timeline.refusals() + timeline.unknowns() > before);
    }

    /** Waits for so many further acknowledged writes. */
    void awaitWrites(int further) {
        int wanted = timeline.writes() + further;
        waiting(further + " further writes").until(() -> timeline.writes() >= wanted);
    }

    /** Waits until each node that clients know of has acknowledged a write from now on. */
    void awaitEveryNode() {
        long since = System.nanoTime();
        waiting("writes on every node")
                .until(() -> nodes.get().stream().allMatch(node -> timeline.hasServed(node.port(), since)));
    }

    /** Begins nothing new, waits for what is under way, and tells what a client has failed with. */
    Workload finish() throws Exception {
        ending = true;
        ended = ended == 0 ? System.nanoTime() : ended;
        for (var client : clients) {
            client.get(FINISH_MINUTES, TimeUnit.MINUTES);
        }
        assertNoFailure();
        System.out.println(name + ": " + timeline.report(started, ended));
        return this;
    }

    /** Holds all that was seen against what the store promises. */
    Workload check() throws Exception {
        history.check(nodes.get(), path());
        return this;
    }

    /** No operation needed more than one repetition, on another node. */
    Workload assertOneRepetitionAtMost() {
        assertThat(repeated).as("operations that were tried more than twice").isEmpty();
        return this;
    }

    /** The longest time, within all of the run, in which no write of a key was acknowledged. */
    Duration longestGapOfAKey() {
        return timeline.gapsOfKeys(started, ended).values().stream()
                .max(Duration::compareTo)
                .orElseThrow();
    }

    /** The longest time, within all of the run, in which no write was acknowledged at all. */
    Duration longestGap() {
        return timeline.gap(started, ended);
    }

    String name() {
        return name;
    }

    /** Where the store is. */
    String path() {
        return "/v1/stores/" + store();
    }

    int keys() {
        return keys;
    }

    History history() {
        return history;
    }

    Timeline timeline() {
        return timeline;
    }

    boolean repeatsEverything() {
        return repeatsEverything;
    }

    /** An operation was answered, after so many tries. */
    void tried(Request request, Answer answer) {
        if (answer.tries() > 2) {
            repeated.add(answer.tries() + " times: " + request);
        }
    }

    @Override
    public void close() {
        ending = true;
        executor.shutdownNow();
    }

    private String store() {
        return name.toLowerCase(Locale.ROOT);
    }

    /** Of the last second. */
    private double rate() {
        long now = System.nanoTime();
        return timeline.rate(now - RATE_NANOS, now);
    }

    private void work(Random random) {
        try (var caller = new NodeCaller(nodes, random, timeline::tried)) {
            new WorkloadClient(this, caller, random, numbers).run(() -> !ending && failure.get() == null);
        } catch (IOException | RuntimeException | AssertionError e) {
            failure.compareAndSet(null, e);
        }
    }

    private ConditionFactory waiting(String what) {
        return await(name + ": " + what).atMost(PATIENCE).pollInterval(LOOK).failFast(this::assertNoFailure);
    }

    private void assertNoFailure() {
        if (failure.get() != null) {
            throw new AssertionError("a client has failed", failure.get());
        }
    }
}
