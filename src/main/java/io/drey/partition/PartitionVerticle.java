// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Claims;
import io.drey.model.Outcome;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Claims the partitions of this node, answers the commands that come for them over the event bus, and gives them up
 * when it is undeployed, after everything that was taken in has been committed.
 */
public final class PartitionVerticle extends VerticleBase {
    private static final Logger LOG = LoggerFactory.getLogger(PartitionVerticle.class);
    private static final long DRAIN_CHECK_MILLIS = 5;
    private static final long DRAIN_NANOS_MAX = 5_000_000_000L;

    private final Partitions partitions;
    private final String nodeName;
    private Commands commands;
    private long incarnation;

    public PartitionVerticle(Partitions partitions, String nodeName) {
        this.partitions = partitions;
        this.nodeName = nodeName;
    }

    @Override
    public Future<?> start() {
        commands = partitions.commands(context);
        vertx.eventBus().registerDefaultCodec(Command.class, new LocalCodec<>(Command.class));
        vertx.eventBus().registerDefaultCodec(OutcomeMessage.class, new LocalCodec<>(OutcomeMessage.class));
        vertx.eventBus().<Command>consumer(Addresses.commands(nodeName), this::execute);
        var claims = partitions.ledger().claims();
        return Future.fromCompletionStage(claims.join(new Claims.Node(nodeName, "", "")), context)
                .compose(joined -> {
                    incarnation = joined;
                    var all = IntStream.range(0, partitions.count()).boxed().toList();
                    return Future.fromCompletionStage(claims.claim(joined, all), context);
                })
                .onSuccess(epochs -> {
                    partitions.own(epochs);
                    new Expiry(partitions, commands, context).start();
                    LOG.info("Claimed {} partitions as incarnation {}", epochs.size(), incarnation);
                });
    }

    private void execute(Message<Command> message) {
        commands.send(message.body())
                .onSuccess(outcome -> message.reply(new OutcomeMessage(outcome)))
                .onFailure(failure -> message.fail(failure(failure).kind().ordinal(), failure.getMessage()));
    }

    private static Failure failure(Throwable thrown) {
        return LedgerFailures.of(thrown);
    }

    @Override
    public Future<?> stop() {
        Promise<Void> idle = Promise.promise();
        awaitIdle(idle, System.nanoTime() + DRAIN_NANOS_MAX);
        return idle.future().compose(v -> {
            var mine = IntStream.range(0, partitions.count())
                    .filter(id -> partitions.owned(id) != null)
                    .boxed()
                    .collect(Collectors.toList());
            mine.forEach(partitions::disown);
            return Future.fromCompletionStage(partitions.ledger().claims().release(incarnation, mine), context);
        });
    }

    private void awaitIdle(Promise<Void> idle, long deadlineNanos) {
        if (partitions.isIdle() || System.nanoTime() - deadlineNanos > 0) {
            idle.complete();
        } else {
            vertx.setTimer(DRAIN_CHECK_MILLIS, timer -> awaitIdle(idle, deadlineNanos));
        }
    }

    /** An outcome on the event bus, whose codecs go by the exact class. */
    public record OutcomeMessage(Outcome outcome) {}
}
