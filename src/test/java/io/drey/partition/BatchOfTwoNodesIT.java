// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static io.drey.partition.SmallCluster.command;
import static io.drey.partition.SmallCluster.failure;
import static io.drey.partition.SmallCluster.get;
import static io.drey.partition.SmallCluster.put;
import static io.drey.partition.SmallCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.model.Conditions;
import io.drey.model.Operation;
import io.drey.model.RecordKey;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Atomic batches over keys of two nodes, when what they read is written behind their back before they commit. */
class BatchOfTwoNodesIT {
    @TempDir
    private Path directory;

    private SmallCluster cluster;
    private PartitionNode coordinator;
    private PartitionNode holder;
    /** In the order in which a batch takes them: of the holder, of the coordinator. */
    private RecordKey distant;

    private RecordKey near;
    private Command condition;

    @BeforeEach
    void start() {
        cluster = new SmallCluster(directory);
        coordinator = cluster.node("coordinator", 10_000);
        holder = cluster.node("holder", 10_000);
        distant = cluster.key("a");
        near = cluster.key("b");
        int count = coordinator.partitions().count();
        int moved = distant.partition(count);
        assertThat(near.partition(count)).isNotEqualTo(moved);
        holder.own(id -> id == moved);
        coordinator.own(id -> id != moved);
        coordinator.look();
        get(holder.send(put(distant, "1")));
        condition = onlyWhile(distant);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aBatchTakesEffectOnBothNodes() {
        get(coordinator.sendAtomically(put(distant, "2"), put(near, "2")));
        assertThat(text(get(holder.read(distant)))).isEqualTo("2");
        assertThat(text(get(coordinator.read(near)))).isEqualTo("2");
    }

    @Test
    void aBatchIsRefusedAsAWholeWhenTheClaimOfADistantKeyThatItReadWasRaised() {
        assertRefused(() -> raiseAndWrite(holder, distant), condition, put(near, "1"));
    }

    @Test
    void aBatchIsRefusedAsAWholeWhenTheClaimOfANearKeyThatItReadWasRaised() {
        var first = cluster.key("0");
        get(coordinator.send(put(first, "1")));
        assertRefused(() -> raiseAndWrite(coordinator, first), onlyWhile(first), put(near, "1"));
    }

    @Test
    void aBatchThatOnlyReadsShowsOneInstant() {
        assertRefused(() -> raiseAndWrite(holder, distant), Commands.get(distant), Commands.get(near));
    }

    /** The batch waits for its last key while {@code meanwhile} runs, and finds nothing to be as it was. */
    private void assertRefused(Runnable meanwhile, Command... batch) {
        var unlock = coordinator.lock(near);
        var outcome = coordinator.sendAtomically(batch);
        var first = batch[0].key();
        var owner = first.equals(distant) ? holder : coordinator;
        await().until(() -> owner.owner(first).locks().containsKey(first)
                && !owner.owner(first).isIdle());
        meanwhile.run();
        unlock.run();
        assertThat(failure(outcome).kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
        assertThat(cluster.stored(near)).isEqualTo("absent");
    }

    private static void raiseAndWrite(PartitionNode node, RecordKey key) {
        node.partitions()
                .raise(List.of(node.owner(key).id()))
                .toCompletableFuture()
                .join();
        get(node.send(put(key, "2")));
    }

    private Command onlyWhile(RecordKey key) {
        var owner = key.equals(distant) ? holder : coordinator;
        long version = get(owner.read(key)).version();
        return command(key, new Operation.Get(Conditions.matching(version)));
    }
}
