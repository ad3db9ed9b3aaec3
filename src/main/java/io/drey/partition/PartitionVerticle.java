// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Claims.View;
import io.drey.member.Membership;
import io.drey.model.Entry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import java.util.function.IntPredicate;

/**
 * Owns partitions: claims what the cluster's table gives to this node, answers the commands, reads and batches of other
 * nodes that come for them over the event bus, and gives them up, drained, when the table or the end of the node says
 * so.
 */
public final class PartitionVerticle extends VerticleBase implements Membership.Listener {
    private static final long LOOK_MILLIS = 500;

    private final Partitions partitions;
    private final Membership membership;
    private final IntPredicate table;
    private final Taken taken = new Taken();
    private Commands commands;
    private Ownership ownership;

    /** {@code table} says whether this node should own a partition. */
    public PartitionVerticle(Partitions partitions, Membership membership, IntPredicate table) {
        this.partitions = partitions;
        this.membership = membership;
        this.table = table;
    }

    @Override
    public Future<?> start() {
        commands = partitions.commands(context);
        ownership = new Ownership(partitions, membership, table, context, this::announce);
        var node = membership.node().name();
        var holds = new Holds(partitions, commands, context);
        var bus = vertx.eventBus();
        var desk = new Request.Desk(context);
        bus.<Buffer>consumer(Addresses.commands(node), parcel -> desk.read(parcel.body(), this::execute));
        bus.<Buffer>consumer(Addresses.reads(node), parcel -> desk.read(parcel.body(), this::read));
        bus.<Buffer>consumer(Addresses.holds(node), holds::hold);
        bus.<Buffer>consumer(Addresses.settlements(node), holds::settle);
        bus.<Buffer>consumer(Addresses.MOVES, message -> ownership.heard(Move.of(message.body())));
        membership.listen(this);
        partitions.onRaise(epochs -> context.runOnContext(v -> announce(Move.claimed(node, epochs))));
        vertx.setPeriodic(LOOK_MILLIS, timer -> ownership.look());
        new Expiry(partitions, commands, context).start();
        return Future.fromCompletionStage(membership.look(), context).compose(view -> ownership.look());
    }

    /** Has the claims compared with the table soon, as when the table has changed. Any thread. */
    public void look() {
        context.runOnContext(v -> ownership.look());
    }

    @Override
    public void viewed(View view) {
        look();
    }

    @Override
    public void ended() {
        membership.look();
    }

    private void announce(Move move) {
        // This node hears it at once, whatever the bus is doing.
        ownership.heard(move);
        vertx.eventBus().publish(Addresses.MOVES, move.toBuffer());
    }

    private void execute(Request request) {
        long now = partitions.ledger().now();
        long deadline = Messages.deadline(request.content());
        long epoch = Messages.epoch(request.content());
        Command command;
        try {
            command = Messages.command(request.content());
        } catch (WireException e) {
            request.fail(new Failure(Failure.Kind.UNAVAILABLE, "The owner of the key cannot read this."));
            return;
        }
        var running = taken.find(command.id(), epoch);
        if (running == null) {
            var owner = partitions.owner(command.key());
            if (deadline <= now || owner == null || owner.epoch() != epoch) {
                // It says something of this message alone, not of one before.
                request.fail(new Failure(Failure.Kind.MOVED, "The key's partition has moved."));
                return;
            }
            running = commands.sendForwarded(command, epoch, System.nanoTime() + (deadline - now) * 1_000_000);
            taken.add(command.id(), epoch, deadline, running);
        }
        taken.forget(now);
        running.onSuccess(outcome -> request.answer(buffer -> OutcomeWire.write(outcome, buffer)))
                .onFailure(failure -> request.fail(LedgerFailures.of(failure)));
    }

    private void read(Request request) {
        var key = Messages.key(request.content());
        Future<Entry> entry = partitions.owner(key) == null
                ? Future.failedFuture(new Failure(Failure.Kind.MOVED, "The key's partition has moved."))
                : commands.read(key);
        entry.onSuccess(found -> request.answer(buffer -> EntryWire.write(found, buffer)))
                .onFailure(failure -> request.fail(LedgerFailures.of(failure)));
    }

    @Override
    public Future<?> stop() {
        // The answers to what was drained are on their way; they need the bus, which closes after this.
        Promise<Void> left = Promise.promise();
        ownership.leave().onComplete(done -> context.runOnContext(v -> left.complete()));
        return left.future();
    }
}
