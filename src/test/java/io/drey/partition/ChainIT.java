// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static io.drey.partition.SmallCluster.get;
import static io.drey.partition.SmallCluster.put;
import static io.drey.partition.SmallCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.model.Context;
import io.drey.model.Limits;
import io.drey.model.Outcome;
import io.drey.model.Rules;
import io.drey.model.Ttl;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What happens to the changes of one key that a commit could take along only together. */
class ChainIT {
    private static final long WRITE_MILLIS = 10_000;

    @TempDir
    private Path directory;

    private SmallCluster cluster;
    private PartitionNode node;

    private void start(long quotaBytes) {
        cluster = new SmallCluster(directory, quotaBytes);
        node = cluster.node("node", WRITE_MILLIS).own(id -> true);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void changesUnderTwoClaimsOfAKeyDoNotShareAChain() {
        start(-1);
        var key = cluster.key("key");
        var first = new OwnedPartition(1, 1, new LongAdder());
        var second = new OwnedPartition(1, 2, new LongAdder());
        var last = execution(put(key, "2"));
        var waiting = List.of(pending(first, execution(put(key, "1"))), pending(second, last));
        var batch = CommitBatch.take(new ArrayDeque<>(waiting), node.partitions());
        assertThat(batch.changes()).isEqualTo(1);
        batch.fail(new Failure(Failure.Kind.UNAVAILABLE, "Not now."));
        assertThat(first.isIdle()).isTrue();
        assertThat(second.isIdle()).isTrue();
        assertThat(text(get(last.outcome()))).isEqualTo("2");
    }

    private Execution execution(Command command) {
        long deadline = System.nanoTime() + WRITE_MILLIS * 1_000_000;
        return new Execution(command, node.context(), deadline, Execution.Origin.CLIENT);
    }

    private Pending pending(OwnedPartition owner, Execution execution) {
        var command = execution.command();
        var context = new Context(cluster.ledger().now(), Ttl.NONE, Limits.DEFAULT);
        var transition = Rules.apply(null, null, command.operation(), context);
        var slot = owner.loaded(command.key(), null);
        owner.enter(slot);
        var base = Head.committed(owner, null);
        return new Pending(
                execution, owner, command.key(), slot, base, Head.after(base, transition.next()), transition);
    }

    /** One of two changes is over the quota, so both are repeated: behind the batch, which must not wait for them. */
    @Test
    void aBatchDoesNotWaitForChangesThatAreParkedBehindIt() {
        start(10);
        var key = cluster.key("key");
        get(node.send(put(key, "1")));
        var commits = cluster.ledger().commits();
        commits.close();
        var ahead = node.send(put(cluster.key("ahead"), "0"));
        await().until(() -> commits.waiting() == 1);
        var fits = node.send(put(key, "22"));
        var tooLarge = node.send(put(key, "\"far too long for it\""));
        node.awaitWaiting(2);
        var batch = node.sendAtomically(put(key, "3"));
        node.awaitWaiting(3);
        commits.open();
        get(ahead);
        assertThat(get(batch)).isInstanceOf(BatchOutcome.Applied.class);
        assertThat(text(get(fits))).isEqualTo("22");
        assertThat(get(tooLarge)).isInstanceOf(Outcome.TooLarge.class);
        assertThat(cluster.stored(key)).isEqualTo("22");
    }
}
