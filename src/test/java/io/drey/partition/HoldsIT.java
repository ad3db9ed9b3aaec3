// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static io.drey.partition.SmallCluster.failure;
import static io.drey.partition.SmallCluster.get;
import static io.drey.partition.SmallCluster.put;
import static io.drey.partition.SmallCluster.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.model.RecordKey;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys that are held for a batch of another node, whose coordinator this test is. */
class HoldsIT {
    private static final long BATCH = 7;
    private static final long TIME_MILLIS = 60_000;

    @TempDir
    private Path directory;

    private SmallCluster cluster;
    private PartitionNode node;
    private RecordKey key;
    private OwnedPartition owner;

    @BeforeEach
    void start() {
        cluster = new SmallCluster(directory);
        node = cluster.node("node", 10_000).own(id -> true);
        key = cluster.key("key");
        get(node.send(put(key, "1")));
        owner = node.owner(key);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aHeldKeyIsReadAndWrittenAfterTheBatchHasEnded() {
        get(hold());
        var read = node.read(key);
        var written = node.send(put(key, "2"));
        get(settle(Settlement.Kind.UNCHANGED));
        assertThat(text(get(read))).isIn("1", "2");
        assertThat(text(get(written))).isEqualTo("2");
    }

    @Test
    void aHoldIsLetGoAtOnceWhenItIsGotAfterTheCoordinatorHasGivenUp() {
        var unlock = node.lock(key);
        var hold = hold();
        get(settle(Settlement.Kind.UNCHANGED));
        unlock.run();
        assertLetGo(hold);
    }

    @Test
    void aHoldIsLetGoAtOnceWhenItIsGotAfterItsTime() {
        var unlock = node.lock(key);
        var hold = hold();
        // Any answer of the verticle shows that it has heard what was sent to it before.
        get(settleAnother());
        cluster.ledger().goForward(TIME_MILLIS + 1);
        unlock.run();
        assertLetGo(hold);
    }

    @Test
    void whoEndsInDoubtIsShutOutBeforeTheKeyIsBelievedAgain() {
        get(hold());
        var read = node.read(key);
        cluster.ledger().claiming().close();
        var settled = settle(Settlement.Kind.DOUBTFUL);
        get(settleAnother());
        assertThat(read.isComplete()).isFalse();
        assertThat(settled.isComplete()).isFalse();
        cluster.ledger().claiming().open();
        get(settled);
        assertThat(text(get(read))).isEqualTo("1");
        assertThat(node.owner(key).epoch()).isGreaterThan(owner.epoch());
    }

    private void assertLetGo(Future<?> hold) {
        assertThat(failure(hold).kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
        assertThat(text(get(node.read(key)))).isEqualTo("1");
        assertThat(text(get(node.send(put(key, "2"))))).isEqualTo("2");
        assertThat(node.owner(key)).isSameAs(owner);
        assertThat(owner.locks()).isEmpty();
    }

    private Future<Void> hold() {
        var hold = new Hold(BATCH, cluster.ledger().now() + TIME_MILLIS, key);
        return request(Addresses.holds("node"), hold.toBuffer());
    }

    private Future<Void> settle(Settlement.Kind kind) {
        return request(Addresses.settlements("node"), new Settlement(BATCH, key, kind, null).toBuffer());
    }

    private Future<Void> settleAnother() {
        var other = new Settlement(BATCH + 1, key, Settlement.Kind.UNCHANGED, null);
        return request(Addresses.settlements("node"), other.toBuffer());
    }

    private Future<Void> request(String address, Buffer message) {
        return cluster.vertx()
                .eventBus()
                .<Buffer>request(address, message, new DeliveryOptions().setSendTimeout(TIME_MILLIS))
                .map(reply -> Messages.read(reply.body(), body -> null));
    }
}
