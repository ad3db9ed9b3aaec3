// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.RecordKey;
import java.util.Collections;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the records in memory within a number of bytes, so that a store may be larger than the heap. The second-chance
 * (clock) algorithm: a hand goes round over all slots and takes those that were not used since its last visit. Costs
 * nothing while memory suffices.
 */
final class Eviction {
    private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);
    private static final long PERIOD_MILLIS = 50;

    private final Partitions partitions;
    private final LongAdder memory;
    private final long bytesMax;
    private final LongAdder evicted = new LongAdder();
    private int hand;
    private OwnedPartition partition;
    private Iterator<Map.Entry<RecordKey, Slot>> slots = Collections.emptyIterator();

    Eviction(Partitions partitions, LongAdder memory, long bytesMax) {
        this.partitions = partitions;
        this.memory = memory;
        this.bytesMax = bytesMax;
    }

    void start(ScheduledExecutorService scheduler) {
        scheduler.scheduleWithFixedDelay(this::guardedRun, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    long evicted() {
        return evicted.sum();
    }

    /** A scheduler drops for ever what throws once. */
    private void guardedRun() {
        try {
            run();
        } catch (RuntimeException e) {
            LOG.error("Eviction failed", e);
        }
    }

    private void run() {
        int emptyTurns = 0;
        long excess = memory.sum() - bytesMax;
        while (excess > 0 && emptyTurns <= 2 * partitions.count()) {
            if (!slots.hasNext()) {
                turnToNextPartition();
                emptyTurns++;
                continue;
            }
            var next = slots.next();
            long weight = Slot.weight(next.getKey().bytes(), next.getValue().entry());
            if (partition.evict(next.getKey(), next.getValue())) {
                evicted.increment();
                excess -= weight;
                emptyTurns = 0;
            }
        }
    }

    private void turnToNextPartition() {
        hand = (hand + 1) % partitions.count();
        partition = partitions.owned(hand);
        slots = partition == null
                ? Collections.emptyIterator()
                : partition.slots().entrySet().iterator();
    }
}
