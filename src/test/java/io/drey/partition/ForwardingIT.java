// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static io.drey.partition.SmallCluster.failure;
import static io.drey.partition.SmallCluster.get;
import static io.drey.partition.SmallCluster.increment;
import static io.drey.partition.SmallCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.model.RecordKey;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageConsumer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command for a neighbour that does not answer: it takes effect once at most, and no more is told than is known. */
class ForwardingIT {
    private static final long WRITE_MILLIS = 3_000;

    @TempDir
    private Path directory;

    private final List<Buffer> messages = new CopyOnWriteArrayList<>();
    private SmallCluster cluster;
    private PartitionNode node;
    private Neighbour neighbour;
    private RecordKey key;
    private MessageConsumer<Buffer> consumer;

    @BeforeEach
    void start() {
        cluster = new SmallCluster(directory);
        node = cluster.node("node", WRITE_MILLIS);
        neighbour = cluster.neighbour("neighbour").claim();
        node.look();
        key = cluster.key("key");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aCommandStaysUnknownWhenItsRepeatsFindNobody() {
        onCommand(message -> {
            neighbour.execute(Messages.command(message.content()));
            consumer.unregister();
        });
        assertThat(failure(node.send(increment(key))).kind()).isEqualTo(Failure.Kind.UNKNOWN);
        assertThat(cluster.stored(key)).isEqualTo("1");
    }

    @Test
    void aCommandStaysUnknownWhenItsRepeatsAreToldThatTheKeyHasMoved() {
        onCommand(message -> {
            if (messages.size() == 1) {
                neighbour.execute(Messages.command(message.content()));
            } else {
                message.fail(new Failure(Failure.Kind.MOVED, "The key's partition has moved."));
            }
        });
        assertThat(failure(node.send(increment(key))).kind()).isEqualTo(Failure.Kind.UNKNOWN);
        assertRepeatedAsOneCommand();
        assertThat(cluster.stored(key)).isEqualTo("1");
    }

    @Test
    void whatTookEffectIsNotRepeatedByTheNextOwner() {
        onCommand(message -> neighbour.execute(Messages.command(message.content())));
        var outcome = node.send(increment(key));
        await().until(() -> cluster.stored(key).equals("1"));
        neighbour.end();
        node.own(id -> true);
        var told = failure(outcome);
        assertThat(told.kind()).isEqualTo(Failure.Kind.UNKNOWN);
        assertThat(told.getMessage()).contains("took effect");
        assertThat(cluster.stored(key)).isEqualTo("1");
    }

    @Test
    void whatDidNotHappenUnderAClaimThatEndedIsDoneByTheNextOwner() {
        onCommand(lost -> {});
        var outcome = node.send(increment(key));
        await().until(() -> messages.size() == 1);
        neighbour.end();
        node.own(id -> true);
        assertThat(text(get(outcome))).isEqualTo("1");
        assertThat(cluster.stored(key)).isEqualTo("1");
    }

    @Test
    void whatNobodyWasThereToTakeInHasFailedForCertain() {
        assertThat(failure(node.send(increment(key))).kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
    }

    @Test
    void allMessagesOfACommandBearTheSameDeadline() {
        onCommand(lost -> {});
        assertThat(failure(node.send(increment(key))).kind()).isEqualTo(Failure.Kind.UNKNOWN);
        assertRepeatedAsOneCommand();
    }

    private void assertRepeatedAsOneCommand() {
        assertThat(messages).hasSizeGreaterThan(1);
        assertThat(messages.stream().map(Messages::deadline).distinct()).hasSize(1);
    }

    /** The neighbour gets commands, and does not answer unless {@code each} does. */
    private void onCommand(Consumer<Request> each) {
        consumer = cluster.vertx().eventBus().consumer(Addresses.commands(neighbour.name()));
        consumer.handler(parcel -> new Request.Desk(Vertx.currentContext()).read(parcel.body(), message -> {
            messages.add(message.content());
            each.accept(message);
        }));
    }
}
