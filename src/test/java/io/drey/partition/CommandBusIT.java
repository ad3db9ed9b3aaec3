// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.cluster.ClusterConfig;
import io.drey.cluster.HazelcastNode;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.sqlite.Sqlite;
import io.drey.ledger.sqlite.SqliteConfig;
import io.drey.model.Conditions;
import io.drey.model.Json;
import io.drey.model.Limits;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Ttl;
import io.drey.model.Value;
import io.drey.partition.PartitionVerticle.OutcomeMessage;
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
    private Ledger ledger;
    private HazelcastNode hazelcast;
    private long space;
    private String verticle;

    @BeforeEach
    void start() {
        ledger = Sqlite.open(new SqliteConfig(directory, Durability.OS, 1, 0));
        hazelcast = HazelcastNode.start(
                new ClusterConfig(false, "test", "127.0.0.1", 5701, List.of(), null), RecordMap::configure);
        var config = new PartitionConfig(2_000, 1 << 20, 1_000, 1, 1 << 20, Limits.DEFAULT);
        var partitions = new Partitions(hazelcast.instance(), ledger, config, scheduler, new SimpleMeterRegistry());
        verticle = await(vertx.deployVerticle(new PartitionVerticle(partitions, NODE)));
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

    private Outcome send(Operation operation) {
        return await(request(operation));
    }

    private Future<Outcome> request(Operation operation) {
        var key = new RecordKey(space, "key".getBytes(StandardCharsets.UTF_8));
        var command = new Command(OperationIds.next(), key, operation, Ttl.NONE, null);
        return vertx.eventBus()
                .<OutcomeMessage>request(Addresses.commands(NODE), command)
                .map(reply -> reply.body().outcome());
    }

    private static String text(Outcome.Done done) {
        return new String(((Value.Inline) done.entry().value()).bytes(), StandardCharsets.UTF_8);
    }

    private static <T> T await(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }
}
