// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Conditions;
import io.drey.model.Entry;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Ttl;
import io.drey.model.Value;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;

/**
 * The way to the owner of a key, for one event loop: every method is called there and answers there. Where this node
 * owns the key, commands run on the spot and reads take the committed entry without any hop.
 *
 * <p>Futures fail with a {@link Failure} alone.
 */
public final class Commands {
    private final Partitions partitions;
    private final Context context;
    private final Deadlines deadlines = new Deadlines();

    Commands(Partitions partitions, Context context) {
        this.partitions = partitions;
        this.context = context;
        context.owner().setPeriodic(Deadlines.PERIOD_MILLIS, timer -> context.runOnContext(v -> deadlines.check()));
    }

    /** Has the operation take effect once, at one instant between now and the answer. */
    public Future<Outcome> send(Command command) {
        return send(command, deadline());
    }

    private Future<Outcome> send(Command command, long deadlineNanos) {
        return start(new Execution(command, context, deadlineNanos, Execution.Origin.CLIENT));
    }

    /** Like {@link #send}, past the lock that the caller holds. */
    Future<Outcome> sendLocked(Command command, long deadlineNanos) {
        return start(new Execution(command, context, deadlineNanos, Execution.Origin.BATCH));
    }

    /** For another node, which is told {@link Failure.Kind#MOVED} when this one does not own the key (any more). */
    Future<Outcome> sendForwarded(Command command, long epoch, long deadlineNanos) {
        return start(new Execution(command, context, deadlineNanos, Execution.Origin.NODE, epoch));
    }

    private Future<Outcome> start(Execution execution) {
        deadlines.watch(execution);
        partitions.start(execution);
        return execution.outcome();
    }

    /** All of the commands or none, at one instant. */
    public Future<BatchOutcome> sendAtomically(List<Command> commands, Command.Once once) {
        var batch = new AtomicBatch(partitions, this, context, commands, once, deadline());
        deadlines.watch(batch);
        return batch.run();
    }

    /** The committed entry, null when absent; never one past its expiry. */
    public Future<Entry> read(RecordKey key) {
        var owner = partitions.owner(key);
        if (owner == null) {
            return partitions.elsewhere().read(key, context).compose(entry -> unexpired(key, entry));
        }
        var slot = owner.slot(key);
        if (slot == null) {
            Promise<Entry> loaded = Promise.promise();
            partitions.loader().load(owner, key, context, failure -> readLoaded(key, failure, loaded));
            return loaded.future();
        }
        var commit = slot.commit();
        if (commit != null) {
            Promise<Entry> settled = Promise.promise();
            var waiting = new WaitingRead(deadline(), settled);
            deadlines.watch(waiting);
            commit.whenComplete((v, failure) -> context.runOnContext(w -> {
                if (waiting.end()) {
                    read(key).onComplete(settled);
                }
            }));
            return settled.future();
        }
        var entry = slot.entry();
        // In this order: a claim that still stands after a lease was held shows that it was the lease of this claim,
        // and
        // that what was read before was true then.
        if (!partitions.lease().isHeld()) {
            return Future.failedFuture(Failure.leaseLost());
        }
        if (owner.isReleased()) {
            return read(key);
        }
        slot.touch();
        return unexpired(key, entry);
    }

    /** Nobody sees a record past its time: whoever meets it ends it first. */
    private Future<Entry> unexpired(RecordKey key, Entry entry) {
        if (entry != null
                && entry.expiresAt() != Entry.NEVER
                && entry.isExpired(partitions.ledger().now())) {
            return expire(key).compose(outcome -> read(key));
        }
        return Future.succeededFuture(entry);
    }

    private void readLoaded(RecordKey key, Failure failure, Promise<Entry> loaded) {
        if (failure != null) {
            loaded.fail(failure);
        } else {
            read(key).onComplete(loaded);
        }
    }

    /** Ends a record if its time has come. */
    public Future<Outcome> expire(RecordKey key) {
        return send(new Command(OperationIds.next(), key, new Operation.Expire(), Ttl.NONE, null));
    }

    /** The whole of a large value; the caller has checked its size. */
    public Future<byte[]> bytes(Value.Stored stored) {
        return LedgerFailures.future(
                context, PayloadReader.read(partitions.ledger().payloads(), stored));
    }

    /** A command that reads its key in its turn, behind all that was applied before it. */
    static Command get(RecordKey key) {
        return new Command(OperationIds.next(), key, new Operation.Get(Conditions.NONE), Ttl.NONE, null);
    }

    private long deadline() {
        return System.nanoTime() + partitions.config().writeTimeoutMillis() * 1_000_000;
    }
}
