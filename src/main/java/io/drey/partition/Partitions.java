// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import io.drey.ledger.Claims.View;
import io.drey.ledger.Ledger;
import io.drey.member.Lease;
import io.drey.member.Membership;
import io.drey.model.Limits;
import io.drey.model.RecordKey;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Context;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions that this node owns, and the way of a command through them: load when absent, apply on the partition's
 * thread, commit, answer; or on to the node that owns the key. The order is stated here and nowhere else, since every
 * promise rests on it.
 */
public final class Partitions {
    private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);
    private static final long APPLY_AGAIN_MILLIS = 5;

    private final AtomicReferenceArray<OwnedPartition> owned;
    private final LongAdder memory = new LongAdder();
    private final MapProxyImpl<RecordKey, Head> map;
    private final Ledger ledger;
    private final PartitionConfig config;
    private final Membership membership;
    private final Holders holders;
    private final Elsewhere elsewhere;
    private final Doubt doubt;
    private volatile Consumer<Map<Integer, Long>> raised = epochs -> {};
    private final Committer committer;
    private final Loader loader;
    private final Heads heads;
    private final Eviction eviction;

    /** {@code scheduler} runs what is done beside the commands. */
    public Partitions(
            HazelcastInstance hazelcast,
            Ledger ledger,
            Membership membership,
            PartitionConfig config,
            ScheduledExecutorService scheduler,
            MeterRegistry metrics) {
        this.owned = new AtomicReferenceArray<>(
                hazelcast.getPartitionService().getPartitions().size());
        this.map = RecordMap.of(hazelcast);
        this.ledger = ledger;
        this.config = config;
        this.membership = membership;
        this.holders = new Holders(owned.length());
        this.elsewhere = new Elsewhere(this, holders, membership);
        this.doubt = new Doubt(this, scheduler);
        this.committer = new Committer(ledger.records(), this, scheduler, metrics);
        membership.listen(new Listening());
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

    /** How many partitions the node of that name holds, as far as this one knows. */
    public int heldBy(String node) {
        return holders.countOf(node);
    }

    /** How many partitions have no holder that this node knows of. */
    public int unheldCount() {
        return holders.missing();
    }

    /** Whether every partition has had a holder within the last {@code millis}, so that each key can be served. */
    public boolean wereComplete(long millis) {
        return holders.wereComplete(millis);
    }

    /** Begins to own what {@code incarnation} has claimed, unless it was ended meanwhile. */
    synchronized void own(long incarnation, Map<Integer, Long> epochs) {
        if (incarnation == membership.incarnation()) {
            epochs.forEach(this::own);
        }
    }

    private void own(int id, long epoch) {
        var before = owned.get(id);
        if (before == null || before.epoch() < epoch) {
            owned.set(id, new OwnedPartition(id, epoch, memory));
            if (before != null) {
                before.release();
            }
        }
    }

    /** Takes nothing in for a partition any more; answers what has to be drained, null when it was not owned. */
    synchronized OwnedPartition close(int id) {
        return owned.getAndSet(id, null);
    }

    /**
     * Claims again what this node owns of these partitions: under new epochs, with nothing remembered. When it
     * completes, nothing that was sent under the old ones can take effect any more.
     */
    CompletionStage<Void> raise(Collection<Integer> ids) {
        long incarnation = membership.incarnation();
        return ledger.claims().claim(incarnation, ids).thenAccept(epochs -> ownAgain(incarnation, epochs));
    }

    /** Only what is still owned: what was given up meanwhile must not come back. */
    private void ownAgain(long incarnation, Map<Integer, Long> epochs) {
        synchronized (this) {
            if (incarnation == membership.incarnation()) {
                epochs.forEach((id, epoch) -> {
                    if (owned.get(id) != null) {
                        own(id, epoch);
                    }
                });
            }
        }
        raised.accept(epochs);
    }

    /** What to do when claims were raised, from any thread: the other nodes address commands by epoch. */
    void onRaise(Consumer<Map<Integer, Long>> action) {
        raised = action;
    }

    private synchronized void loseAll() {
        for (int id = 0; id < owned.length(); id++) {
            var before = owned.getAndSet(id, null);
            if (before != null) {
                before.release();
            }
        }
    }

    /** Null when another node owns it, or none. */
    OwnedPartition owned(int id) {
        return owned.get(id);
    }

    OwnedPartition owner(RecordKey key) {
        return owned.get(key.partition(owned.length()));
    }

    Lease lease() {
        return membership.lease();
    }

    Elsewhere elsewhere() {
        return elsewhere;
    }

    Holders holders() {
        return holders;
    }

    Doubt doubt() {
        return doubt;
    }

    /** A position that was the log's last some time ago. */
    long knownPosition() {
        return membership.view().lastPosition();
    }

    /** Has the claims looked at soon: something in memory was found not to be so. */
    void doubtClaims() {
        membership.lookSoon();
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
        if (owner == null || !execution.isFor(owner)) {
            elsewhere.start(execution);
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
            case NOT_LOADED -> execution.context().runOnContext(v -> start(execution));
            case NOT_MINE ->
                execution
                        .context()
                        .runOnContext(v -> execution.context().owner().setTimer(APPLY_AGAIN_MILLIS, timer -> execution
                                .context()
                                .runOnContext(w -> start(execution))));
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

    /** Hears of this node's standing, on the thread of the renewals. */
    private final class Listening implements Membership.Listener {
        @Override
        public void lost() {
            holders.forget();
            loseAll();
        }

        @Override
        public void viewed(View view) {
            holders.viewed(view);
        }
    }
}
