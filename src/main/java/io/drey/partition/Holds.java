// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.RecordKey;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * The keys that this node holds for atomic batches of other nodes. A coordinator that is not heard of in time is given
 * up: its batch is shut out by a new epoch before the key is believed again. Runs on one event loop.
 */
final class Holds {
    /** For the coordinator's word to arrive after its own time limit. */
    private static final long GRACE_MILLIS = 1_000;

    private final Partitions partitions;
    private final Commands commands;
    private final Context context;
    private final Map<Id, Held> held = new HashMap<>();

    Holds(Partitions partitions, Commands commands, Context context) {
        this.partitions = partitions;
        this.commands = commands;
        this.context = context;
    }

    void hold(Message<Buffer> message) {
        var hold = Hold.of(message.body());
        var owner = partitions.owner(hold.key());
        long millis = millisUntil(hold.deadline());
        if (owner == null) {
            Messages.fail(message, new Failure(Failure.Kind.MOVED, "The key's partition has moved."));
            return;
        }
        if (millis <= 0) {
            Messages.fail(message, new Failure(Failure.Kind.UNAVAILABLE, "The batch came too late."));
            return;
        }
        var taking = new Held(new HeldKey(hold.key(), owner, partitions, context));
        held.put(new Id(hold.batch(), hold.key()), taking);
        taking.key
                .hold(commands, false, System.nanoTime() + millis * 1_000_000)
                .onSuccess(v -> taken(hold, taking, message))
                .onFailure(failure -> {
                    held.remove(new Id(hold.batch(), hold.key()), taking);
                    taking.key.letGo();
                    Messages.fail(message, LedgerFailures.of(failure));
                });
    }

    private long millisUntil(long deadline) {
        return deadline - partitions.ledger().now();
    }

    /** The coordinator may have given up while the key was waited for. */
    private void taken(Hold hold, Held taken, Message<Buffer> message) {
        var id = new Id(hold.batch(), hold.key());
        long millis = millisUntil(hold.deadline());
        if (held.get(id) != taken || millis <= 0) {
            held.remove(id, taken);
            taken.key.letGo();
            Messages.fail(message, new Failure(Failure.Kind.UNAVAILABLE, "The batch has been given up."));
            return;
        }
        taken.settled = new CompletableFuture<>();
        taken.key.commitBegins(taken.settled);
        taken.timer =
                context.owner().setTimer(millis + GRACE_MILLIS, fired -> context.runOnContext(v -> giveUp(id, taken)));
        Messages.answer(message, buffer -> {
            buffer.appendLong(taken.key.epoch());
            EntryWire.write(taken.key.entry(), buffer);
        });
    }

    private void giveUp(Id id, Held given) {
        if (held.get(id) == given) {
            doubt(id, given);
        }
    }

    void settle(Message<Buffer> message) {
        var settlement = Settlement.of(message.body());
        var id = new Id(settlement.batch(), settlement.key());
        var found = held.get(id);
        if (found == null || found.settled == null) {
            // Given up, which has shut the batch out; or still waited for, and not to be waited for any more.
            held.remove(id);
            Messages.answer(message, buffer -> {});
            return;
        }
        if (settlement.kind() == Settlement.Kind.DOUBTFUL || found.doubt != null) {
            doubt(id, found).onSuccess(v -> Messages.answer(message, buffer -> {}));
            return;
        }
        if (settlement.kind() == Settlement.Kind.COMMITTED) {
            found.key.committed(settlement.entry());
        } else {
            found.key.unchanged();
        }
        end(id, found);
        Messages.answer(message, buffer -> {});
    }

    /** Shuts the batch out; the key stays held until that is certain. */
    private Future<Void> doubt(Id id, Held doubted) {
        if (doubted.doubt == null) {
            doubted.doubt = doubted.key.shutOut().onComplete(any -> {
                doubted.key.commitFails(true);
                end(id, doubted);
            });
        }
        return doubted.doubt;
    }

    private void end(Id id, Held ended) {
        held.remove(id, ended);
        context.owner().cancelTimer(ended.timer);
        ended.settled.complete(null);
        ended.key.letGo();
    }

    private record Id(long batch, RecordKey key) {}

    /** {@code settled} is null while the key is still waited for, {@code doubt} until the batch has to be shut out. */
    private static final class Held {
        private final HeldKey key;
        private CompletableFuture<Void> settled;
        private Future<Void> doubt;
        private long timer = -1;

        Held(HeldKey key) {
            this.key = key;
        }
    }
}
