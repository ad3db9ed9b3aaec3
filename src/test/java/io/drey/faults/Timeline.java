// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * When which write was acknowledged, by which node and for which key: what rates and the times without service are made
 * of. Times are those of {@link System#nanoTime}. Safe for use by several threads.
 */
final class Timeline {
    private static final double NANOS = 1e9;

    private final ConcurrentLinkedQueue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Long> lastServed = new ConcurrentHashMap<>();
    private final AtomicInteger writes = new AtomicInteger();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final AtomicInteger unknown = new AtomicInteger();

    void acknowledged(int port, String key) {
        long now = System.nanoTime();
        acknowledged.add(new Acknowledged(now, port, key));
        lastServed.put(port, now);
        writes.incrementAndGet();
    }

    void read() {
        reads.incrementAndGet();
    }

    /** What came of one try, of a request that may be tried again. */
    void tried(NodeCaller.Certainty certainty) {
        switch (certainty) {
            case REFUSED -> refused.incrementAndGet();
            case UNKNOWN -> unknown.incrementAndGet();
            case ANSWERED -> {
                // Counted as what it was.
            }
        }
    }

    /** How many writes were acknowledged. */
    int writes() {
        return writes.get();
    }

    int refusals() {
        return refused.get();
    }

    int unknowns() {
        return unknown.get();
    }

    /** Acknowledged writes a second between two times. */
    double rate(long from, long to) {
        long number = acknowledged.stream()
                .filter(write -> write.at() >= from && write.at() < to)
                .count();
        return number * NANOS / (to - from);
    }

    /** Whether the node of this port has acknowledged a write since then. */
    boolean hasServed(int port, long since) {
        var last = lastServed.get(port);
        return last != null && last >= since;
    }

    /** The longest time between two acknowledged writes of anything, counted from and to the borders. */
    Duration gap(long from, long to) {
        return gap(List.copyOf(acknowledged), from, to);
    }

    /** The same for each key that was written. */
    Map<String, Duration> gapsOfKeys(long from, long to) {
        return gaps(Acknowledged::key, from, to);
    }

    /** The same for each node, by its port. */
    Map<Integer, Duration> gapsOfNodes(long from, long to) {
        return gaps(Acknowledged::port, from, to);
    }

    /** One paragraph for the log of a test. */
    String report(long from, long to) {
        var keys = gapsOfKeys(from, to);
        var worst = keys.entrySet().stream()
                .sorted(Map.Entry.<String, Duration>comparingByValue(Comparator.reverseOrder()))
                .limit(10)
                .map(gap -> gap.getKey() + " " + gap.getValue().toMillis())
                .collect(Collectors.joining(", "));
        return ("%d writes acknowledged (%.0f/s), %d reads, %d tries refused, %d unknown;"
                        + " milliseconds without a write: %d, by node %s, by key %s")
                .formatted(
                        writes(),
                        rate(from, to),
                        reads.get(),
                        refusals(),
                        unknowns(),
                        gap(from, to).toMillis(),
                        gapsOfNodes(from, to).entrySet().stream()
                                .map(gap -> gap.getKey() + " " + gap.getValue().toMillis())
                                .toList(),
                        keys.size() > 10 ? "(of " + keys.size() + ", not told)" : worst);
    }

    private <T> Map<T, Duration> gaps(Function<Acknowledged, T> by, long from, long to) {
        var gaps = new HashMap<T, Duration>();
        acknowledged.stream()
                .collect(Collectors.groupingBy(by))
                .forEach((name, writes) -> gaps.put(name, gap(writes, from, to)));
        return gaps;
    }

    private static Duration gap(List<Acknowledged> writes, long from, long to) {
        long last = from;
        long longest = 0;
        for (var write : writes.stream()
                .filter(one -> one.at() >= from && one.at() <= to)
                .sorted(Comparator.comparingLong(Acknowledged::at))
                .toList()) {
            longest = Math.max(longest, write.at() - last);
            last = write.at();
        }
        return Duration.ofNanos(Math.max(longest, to - last));
    }

    private record Acknowledged(long at, int port, String key) {}
}
