// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Records;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Brings records that are not in memory from the ledger, all that wait in one call, each key once. Safe from any
 * thread; never blocks.
 *
 * <p>A load is registered before the slot is looked for a second time and ends before its waiters run. As only loads
 * make slots, nothing can be committed for the key in between, and what is loaded is the newest committed state.
 */
final class Loader {
    private static final int BATCH_KEYS_MAX = 256;

    private final Records records;
    private final int callsMax;
    private final Queue<Load> queue = new ConcurrentLinkedQueue<>();
    private final AtomicInteger calls = new AtomicInteger();

    /** {@code callsMax} calls are under way at once; more would only wait inside the ledger. */
    Loader(Records records, int callsMax) {
        this.records = records;
        this.callsMax = callsMax;
    }

    /** Runs {@code done} on {@code context} when the record's slot is there, or with the failure. */
    void load(OwnedPartition owner, RecordKey key, Context context, Consumer<Failure> done) {
        var waiter = new Load.Waiter(context, done);
        var load = new Load(owner, key);
        var running = owner.loads().putIfAbsent(key, load);
        var joined = running == null ? load : running;
        if (!joined.join(waiter)) {
            context.runOnContext(v -> done.accept(null));
            return;
        }
        if (running == null) {
            if (owner.slot(key) != null) {
                var releases = new Releases();
                end(load, null, releases);
                releases.run();
                return;
            }
            queue.add(load);
            pump();
        }
    }

    private void pump() {
        while (!queue.isEmpty()) {
            if (calls.incrementAndGet() > callsMax) {
                calls.decrementAndGet();
                return;
            }
            var loads = take();
            if (loads.isEmpty()) {
                calls.decrementAndGet();
                continue;
            }
            var keys = loads.stream().map(Load::key).toList();
            records.load(keys).whenComplete((entries, failure) -> {
                calls.decrementAndGet();
                finish(loads, entries, failure);
                pump();
            });
        }
    }

    private List<Load> take() {
        var loads = new ArrayList<Load>();
        Load load;
        while (loads.size() < BATCH_KEYS_MAX && (load = queue.poll()) != null) {
            loads.add(load);
        }
        return loads;
    }

    private static void finish(List<Load> loads, List<Entry> entries, Throwable failure) {
        var releases = new Releases();
        var failed = failure == null ? null : LedgerFailures.of(failure);
        for (int i = 0; i < loads.size(); i++) {
            var load = loads.get(i);
            if (failed == null && !load.owner().isReleased()) {
                load.owner().loaded(load.key(), entries.get(i));
            }
            end(load, failed, releases);
        }
        releases.run();
    }

    private static void end(Load load, Failure failure, Releases releases) {
        load.owner().loads().remove(load.key(), load);
        for (var waiter : load.end()) {
            releases.add(waiter.context(), () -> waiter.done().accept(failure));
        }
    }
}
