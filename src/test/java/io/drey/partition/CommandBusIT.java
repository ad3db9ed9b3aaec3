// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.cluster.ClusterConfig;
import io.drey.cluster.HazelcastNode;
import io.drey.ledger.Claims;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.sqlite.Sqlite;
import io.drey.ledger.sqlite.SqliteConfig;
import io.drey.member.MemberConfig;
import io.drey.member.Membership;
import io.drey.model.Conditions;
import io.drey.model.Json;
import io.drey.model.Limits;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Ttl;
import io.drey.model.Value;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands over the event bus to a verticle that owns the partitions, with a real map and a real ledger. */
class CommandBusIT {
    private static final String NODE = "node";

    @TempDir
    private Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private Membership membership;
    private Partitions partitions;
    private Ledger ledger;
    private HazelcastNode hazelcast;
    private long space;
    private String verticle;

    @BeforeEach
    void start() {
        ledger = Sqlite.open(new SqliteConfig(directory, Durability.OS, 1, 0));
        hazelcast = HazelcastNode.start(
                new ClusterConfig(false, "test", "127.0.0.1", 5701, 15701, List.of(), null), RecordMap::configure);
        var config = new PartitionConfig(2_000, 1 << 20, 1_000, 1, 1 << 20, Limits.DEFAULT);
        membership = new Membership(ledger, new Claims.Node(NODE, "", ""), new MemberConfig(3_000));
        partitions =
                new Partitions(hazelcast.instance(), ledger, membership, config, scheduler, new SimpleMeterRegistry());
        membership.start();
        verticle = await(vertx.deployVerticle(new PartitionVerticle(partitions, membership, id -> true)));
        var account =
                ledger.directory().account("admin", true).toCompletableFuture().join();
        var settings = new StoreSettings("nuts", null, Ttl.NONE, -1, -1, "FOLLOW_USER_SETTING");
        var made = ledger.directory()
                .createStore(new NewStore("abcdefghijklmnopq", account, settings, ledger.now()), null)
                .toCompletableFuture()
                .join();
        space = made.value().space();
    }

    @AfterEach
    void stop() {
        await(vertx.undeploy(verticle));
        membership.close();
        await(vertx.close());
        hazelcast.close();
        ledger.close();
        scheduler.shutdownNow();
    }

    @Test
    void commandsTakeEffectInOrderAndAnswerWithVersions() {
        var first = (Outcome.Done) send(new Operation.Increment(BigDecimal.ONE, Conditions.NONE));
        var second = (Outcome.Done) send(new Operation.Increment(BigDecimal.TEN, Conditions.NONE));
        assertThat(first.created()).isTrue();
        assertThat(second.created()).isFalse();
        assertThat(second.entry().version()).isGreaterThan(first.entry().version());
        assertThat(text(second)).isEqualTo("11");
    }

    @Test
    void refusalIsAnOutcomeAndNotAFailure() {
        var outcome = send(new Operation.Touch(1_000, Conditions.NONE));
        assertThat(outcome).isInstanceOf(Outcome.NotFound.class);
    }

    @Test
    void concurrentCommandsOnOneKeyLoseNothing() {
        var sent = IntStream.range(0, 500)
                .mapToObj(i -> request(new Operation.Push(
                        Json.number(BigDecimal.valueOf(i)),
                        Operation.End.TAIL,
                        false,
                        Integer.MAX_VALUE,
                        Conditions.NONE)))
                .toList();
        await(Future.all(sent));
        var done = (Outcome.Done) send(new Operation.Get(Conditions.NONE));
        assertThat(text(done).split(",")).hasSize(500);
    }

    @Test
    void aMessageThatComesTwiceTakesEffectOnce() {
        var command = command(new Operation.Increment(BigDecimal.ONE, Conditions.NONE));
        long deadline = ledger.now() + 10_000;
        var first = (Outcome.Done) await(request(command, deadline));
        var again = (Outcome.Done) await(request(command, deadline));
        assertThat(again.entry().version()).isEqualTo(first.entry().version());
        assertThat(text((Outcome.Done) send(new Operation.Get(Conditions.NONE))))
                .isEqualTo("1");
    }

    @Test
    void aMessageThatComesTooLateDoesNothing() {
        var command = command(new Operation.Increment(BigDecimal.ONE, Conditions.NONE));
        assertThat(kind(request(command, ledger.now() - 1))).isEqualTo(Failure.Kind.MOVED);
        assertThat(send(new Operation.Get(Conditions.NONE))).isInstanceOf(Outcome.NotFound.class);
    }

    @Test
    void aMessageForAnEarlierClaimDoesNothing() {
        var command = command(new Operation.Increment(BigDecimal.ONE, Conditions.NONE));
        long before = epoch(command);
        partitions
                .raise(List.of(command.key().partition(partitions.count())))
                .toCompletableFuture()
                .join();
        var late = Messages.command(ledger.now() + 10_000, before, command);
        var answer = Sender.send(vertx, NODE, late);
        assertThat(kind(answer)).isEqualTo(Failure.Kind.MOVED);
        assertThat(send(new Operation.Get(Conditions.NONE))).isInstanceOf(Outcome.NotFound.class);
    }

    @Test
    void whoDoesNotOwnTheKeySaysSo() {
        var command = command(new Operation.Increment(BigDecimal.ONE, Conditions.NONE));
        partitions.close(command.key().partition(partitions.count()));
        assertThat(kind(request(command, ledger.now() + 10_000))).isEqualTo(Failure.Kind.MOVED);
    }

    @Test
    void whatWasRaisedIsServedUnderTheNewEpoch() {
        var command = command(new Operation.Increment(BigDecimal.ONE, Conditions.NONE));
        await(request(command, ledger.now() + 10_000));
        int id = command.key().partition(partitions.count());
        long before = partitions.owned(id).epoch();
        partitions.raise(List.of(id)).toCompletableFuture().join();
        assertThat(partitions.owned(id).epoch()).isGreaterThan(before);
        var next = (Outcome.Done) send(new Operation.Increment(BigDecimal.ONE, Conditions.NONE));
        assertThat(text(next)).isEqualTo("2");
    }

    private Failure.Kind kind(Future<Outcome> refused) {
        return await(refused.transform(done -> Future.succeededFuture(((Failure) done.cause()).kind())));
    }

    private Outcome send(Operation operation) {
        return await(request(operation));
    }

    private Future<Outcome> request(Operation operation) {
        return request(command(operation), ledger.now() + 10_000);
    }

    private Command command(Operation operation) {
        var key = new RecordKey(space, "key".getBytes(StandardCharsets.UTF_8));
        return new Command(OperationIds.next(), key, operation, Ttl.NONE, null);
    }

    private long epoch(Command command) {
        var owner = partitions.owner(command.key());
        return owner == null ? 0 : owner.epoch();
    }

    private Future<Outcome> request(Command command, long deadline) {
        return Sender.send(vertx, NODE, Messages.command(deadline, epoch(command), command));
    }

    private static String text(Outcome.Done done) {
        return new String(((Value.Inline) done.entry().value()).bytes(), StandardCharsets.UTF_8);
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
