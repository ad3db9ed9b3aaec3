// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import io.drey.ledger.Ledger;
import io.drey.model.Limits;
import io.drey.model.RecordKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this node owns, and the way of a command through them: load when absent, apply on the partition's
 * thread, commit, answer. The order is stated here and nowhere else, since every promise rests on it.
 */
public final class Partitions {
    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
    private static final long ROUTE_AGAIN_MILLIS = 10;

    private final AtomicReferenceArray<OwnedPartition> owned;
    private final LongAdder memory = new LongAdder();
    private final MapProxyImpl<RecordKey, Head> map;
    private final Ledger ledger;
    private final PartitionConfig config;
    private final Committer committer;
    private final Loader loader;
    private final Heads heads;
    private final Eviction eviction;

    /** {@code scheduler} runs what is done beside the commands. */
    public Partitions(
            HazelcastInstance hazelcast,
            Ledger ledger,
            PartitionConfig config,
            ScheduledExecutorService scheduler,
            MeterRegistry metrics) {
        this.owned = new AtomicReferenceArray<>(
                hazelcast.getPartitionService().getPartitions().size());
        this.map = RecordMap.of(hazelcast);
        this.ledger = ledger;
        this.config = config;
        this.committer = new Committer(ledger.records(), this, scheduler, metrics);
        this.loader = new Loader(ledger.records(), config.loadCalls());
        this.heads = new Heads(map, config.headsMax(), scheduler);
        this.eviction = new Eviction(this, memory, config.memoryBytes());
        eviction.start(scheduler);
        Gauge.builder("drey.records.memory.bytes", memory, LongAdder::sum)
                .description("Memory of the records held by this node")
                .register(metrics);
        Gauge.builder("drey.records.memory", this, Partitions::recordsInMemory)
                .description("Records held by this node in memory")
                .register(metrics);
        Gauge.builder("drey.records.heads", heads, Heads::size)
                .description("Entries of the Hazelcast map")
                .register(metrics);
        Gauge.builder("drey.records.evicted", eviction, Eviction::evicted)
                .description("Records let go from memory since the start")
                .register(metrics);
    }

    /** What one event loop sends its commands through. */
    public Commands commands(Context context) {
        return new Commands(this, context);
    }

    public int count() {
        return owned.length();
    }

    /** How many partitions this node owns. */
    public int ownedCount() {
        int number = 0;
        for (int id = 0; id < owned.length(); id++) {
            number += owned.get(id) == null ? 0 : 1;
        }
        return number;
    }

    private long recordsInMemory() {
        long number = 0;
        for (int id = 0; id < owned.length(); id++) {
            var partition = owned.get(id);
            number += partition == null ? 0 : partition.slots().size();
        }
        return number;
    }

    /** How long recent commits took, in milliseconds. */
    public double commitMillis() {
        return committer.latencyMillis();
    }

    /** Bytes of records in memory. */
    public long memoryBytes() {
        return memory.sum();
    }

    public long memoryBytesMax() {
        return config.memoryBytes();
    }

    /** Whether every change that was taken in is committed or refused. */
    boolean isIdle() {
        return committer.isIdle();
    }

    void own(Map<Integer, Long> epochs) {
        epochs.forEach((id, epoch) -> {
            var before = owned.getAndSet(id, new OwnedPartition(id, epoch, memory));
            if (before != null) {
                before.release();
            }
        });
    }

    void disown(int id) {
        var before = owned.getAndSet(id, null);
        if (before != null) {
            before.release();
        }
    }

    /** Null when another node owns it, or none. */
    OwnedPartition owned(int id) {
        return owned.get(id);
    }

    OwnedPartition owner(RecordKey key) {
        return owned.get(key.partition(owned.length()));
    }

    Ledger ledger() {
        return ledger;
    }

    Limits limits() {
        return config.limits();
    }

    PartitionConfig config() {
        return config;
    }

    Committer committer() {
        return committer;
    }

    Loader loader() {
        return loader;
    }

    Heads heads() {
        return heads;
    }

    /** Takes a command in, or in again. */
    void start(Execution execution) {
        if (execution.isEnded()) {
            return;
        }
        var key = execution.command().key();
        var owner = owner(key);
        if (owner == null) {
            execution.context().owner().setTimer(ROUTE_AGAIN_MILLIS, timer -> start(execution));
            return;
        }
        if (owner.slot(key) == null) {
            loader.load(owner, key, execution.context(), failure -> startAgain(execution, failure));
            return;
        }
        var operation = new ApplyOperation(execution, owner, this);
        map.executeOnKeyInternal(key, operation)
                .whenCompleteAsync((v, thrown) -> applied(execution, operation.result(), thrown), Runnable::run);
    }

    private void startAgain(Execution execution, Failure failure) {
        if (failure != null) {
            execution.fail(failure);
        } else {
            start(execution);
        }
    }

    /** On the partition's thread, so nothing but hand-overs. */
    private void applied(Execution execution, ApplyOperation.Result result, Throwable thrown) {
        if (thrown != null) {
            LOG.warn("A command could not be applied", thrown);
            execution.context().runOnContext(v -> execution.giveUp("The command could not be applied by its owner."));
            return;
        }
        switch (result) {
            case APPLIED, PARKED -> {}
            case NOT_LOADED, NOT_MINE -> execution.context().runOnContext(v -> start(execution));
            case NEEDS_VALUE ->
                PayloadReader.read(ledger.payloads(), execution.materialized().value())
                        .whenComplete((bytes, failure) -> execution.context().runOnContext(v -> {
                            if (failure == null) {
                                execution.materialize(bytes);
                            }
                            startAgain(execution, failure == null ? null : LedgerFailures.of(failure));
                        }));
        }
    }

    /** Repeats commands that the ledger certainly did not take: in their order, each when the one before has ended. */
    void repeat(List<Execution> executions) {
        executions.forEach(Execution::unsend);
        repeat(executions.iterator());
    }

    private void repeat(Iterator<Execution> executions) {
        while (executions.hasNext()) {
            var execution = executions.next();
            if (!execution.isEnded()) {
                execution.outcome().onComplete(any -> repeat(executions));
                execution.context().runOnContext(v -> start(execution));
                return;
            }
        }
    }
}
