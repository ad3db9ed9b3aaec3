// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import io.drey.model.RecordKey;
import java.util.HashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the map of heads within its bound: the oldest committed ones go, since their records are in the ledger and, when
 * in use, in the slots. Safe from any thread.
 */
final class Heads {
    private static final Logger LOG = LoggerFactory.getLogger(Heads.class);
    private static final int BATCH = 1_024;

    private final IMap<RecordKey, Head> map;
    private final int max;
    private final Queue<RecordKey> oldest = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Executor executor;

    Heads(IMap<RecordKey, Head> map, int max, Executor executor) {
        this.map = map;
        this.max = max;
        this.executor = executor;
    }

    int size() {
        return size.get();
    }

    void added(RecordKey key) {
        oldest.add(key);
        if (size.incrementAndGet() > max && busy.compareAndSet(false, true)) {
            // Not here: a partition's thread may not call on other partitions.
            executor.execute(this::forgetSome);
        }
    }

    private void forgetSome() {
        var keys = new HashSet<RecordKey>(BATCH * 2);
        RecordKey key;
        while (keys.size() < BATCH && (key = oldest.poll()) != null) {
            if (!keys.add(key)) {
                size.decrementAndGet();
            }
        }
        map.submitToKeys(keys, new Forget())
                .whenCompleteAsync((results, failure) -> forgotten(keys, results, failure), Runnable::run);
    }

    private void forgotten(Set<RecordKey> keys, Map<RecordKey, Boolean> results, Throwable failure) {
        if (failure != null) {
            LOG.warn("Committed heads could not be let go: {}", failure.toString());
        }
        int gone = 0;
        for (var key : keys) {
            if (failure == null && Boolean.TRUE.equals(results.get(key))) {
                gone++;
            } else {
                oldest.add(key);
            }
        }
        busy.set(false);
        if (size.addAndGet(-gone) > max && gone > 0 && busy.compareAndSet(false, true)) {
            executor.execute(this::forgetSome);
        }
    }

    /** Removes a head that nothing is under way for; answers whether there is none afterwards. */
    static final class Forget implements EntryProcessor<RecordKey, Head, Boolean> {
        private static final long serialVersionUID = 1L;

        @Override
        public Boolean process(Map.Entry<RecordKey, Head> entry) {
            var head = entry.getValue();
            if (head != null && head.isNeeded()) {
                return false;
            }
            if (head != null) {
                entry.setValue(null);
            }
            return true;
        }
    }
}
