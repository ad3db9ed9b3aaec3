// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static io.drey.partition.SmallCluster.failure;
import static io.drey.partition.SmallCluster.get;
import static io.drey.partition.SmallCluster.increment;
import static io.drey.partition.SmallCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An owner to which commands of other nodes come late, twice, or for a claim that it has no more. */
class RepeatedMessageIT {
    private static final long TIME_MILLIS = 5_000;

    @TempDir
    private Path directory;

    private SmallCluster cluster;
    private PartitionNode owner;
    private RecordKey key;

    @BeforeEach
    void start() {
        cluster = new SmallCluster(directory);
        owner = cluster.node("owner", 10_000).own(id -> true);
        key = cluster.key("key");
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void aRepeatAfterTheTimeIsAnsweredLikeTheFirst() {
        var command = increment(key);
        long deadline = cluster.ledger().now() + TIME_MILLIS;
        long epoch = owner.owner(key).epoch();
        var first = (Outcome.Done) get(message(command, deadline, epoch));
        cluster.ledger().goForward(TIME_MILLIS + 1);
        var again = (Outcome.Done) get(message(command, deadline, epoch));
        assertThat(again.entry().version()).isEqualTo(first.entry().version());
        assertThat(cluster.stored(key)).isEqualTo("1");
    }

    @Test
    void aRepeatThatIsNotKnownAnyMoreIsNeitherDoneNorToldAsCertain() {
        var command = increment(key);
        long deadline = cluster.ledger().now() + TIME_MILLIS;
        long epoch = owner.owner(key).epoch();
        get(message(command, deadline, epoch));
        cluster.ledger().goForward(60_000);
        get(message(increment(cluster.key("other")), cluster.ledger().now() + TIME_MILLIS));
        assertThat(failure(message(command, deadline, epoch)).kind()).isEqualTo(Failure.Kind.MOVED);
        assertThat(cluster.stored(key)).isEqualTo("1");
    }

    @Test
    void whatWasSentBackIsTakenInByTheNextClaim() {
        var command = increment(key);
        long deadline = cluster.ledger().now() + TIME_MILLIS;
        cluster.ledger().loads().close();
        var sentBack = message(command, deadline);
        await().until(() -> cluster.ledger().loads().waiting() == 1);
        owner.wantNothing();
        cluster.beginAnew(owner, cluster.end(owner));
        cluster.ledger().loads().open();
        assertThat(failure(sentBack).kind()).isEqualTo(Failure.Kind.MOVED);
        owner.own(id -> true);
        assertThat(text(get(message(command, deadline)))).isEqualTo("1");
    }

    /** The sender of a command that waited here goes on when its claim has ended, so this node must not go on too. */
    @Test
    void whatWasTakenInForOneClaimIsNotDoneUnderTheNext() {
        var sender = cluster.node("sender", 4_000);
        sender.look();
        cluster.ledger().loads().close();
        var outcome = sender.send(increment(key));
        await().until(() -> cluster.ledger().loads().waiting() == 1);
        owner.partitions()
                .raise(List.of(owner.owner(key).id()))
                .toCompletableFuture()
                .join();
        await().until(() -> cluster.ledger().loads().waiting() == 2);
        cluster.ledger().loads().open();
        get(outcome);
        assertThat(text(get(owner.send(increment(key))))).isEqualTo("2");
    }

    private Future<Outcome> message(Command command, long deadline) {
        return message(command, deadline, owner.owner(key).epoch());
    }

    private Future<Outcome> message(Command command, long deadline, long epoch) {
        return Sender.send(cluster.vertx(), "owner", Messages.command(deadline, epoch, command));
    }
}
