// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static org.awaitility.Awaitility.await;

import io.drey.cluster.ClusterConfig;
import io.drey.cluster.HazelcastNode;
import io.drey.ledger.Claims;
import io.drey.ledger.Ledger;
import io.drey.member.MemberConfig;
import io.drey.member.Membership;
import io.drey.model.Entry;
import io.drey.model.Limits;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** What a node has of this package: its own map, its standing, its verticle, and one event loop of clients. */
final class PartitionNode implements AutoCloseable {
    /** No renewal but those that are asked for falls into a test. */
    private static final long LEASE_MILLIS = 120_000;

    private final Vertx vertx;
    private final HazelcastNode hazelcast;
    private final ScheduledExecutorService scheduler = Executors.newSingleThreadScheduledExecutor();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final Membership membership;
    private final Partitions partitions;
    private final Context context;
    private final Commands commands;
    private final PartitionVerticle verticle;
    private final String deployment;
    private volatile IntPredicate table = id -> false;

    PartitionNode(String name, Vertx vertx, Ledger ledger, long writeMillis) {
        this.vertx = vertx;
        hazelcast = HazelcastNode.start(
                new ClusterConfig(false, "test", "127.0.0.1", 5701, 15701, List.of(), null), RecordMap::configure);
        membership = new Membership(ledger, new Claims.Node(name, "", ""), new MemberConfig(LEASE_MILLIS));
        var config = new PartitionConfig(writeMillis, 1 << 20, 1_000, 4, 1 << 20, Limits.DEFAULT);
        partitions = new Partitions(hazelcast.instance(), ledger, membership, config, scheduler, metrics);
        membership.start();
        context = vertx.getOrCreateContext();
        commands = partitions.commands(context);
        verticle = new PartitionVerticle(partitions, membership, id -> table.test(id));
        deployment = SmallCluster.get(vertx.deployVerticle(verticle));
    }

    Partitions partitions() {
        return partitions;
    }

    Membership membership() {
        return membership;
    }

    Context context() {
        return context;
    }

    /** To be used on the context alone. */
    Commands commands() {
        return commands;
    }

    /** Returns when the node owns what it is to own, of what nobody else holds. */
    PartitionNode own(IntPredicate wanted) {
        table = wanted;
        var ids = IntStream.range(0, partitions.count()).filter(wanted);
        var expected = ids.boxed().toList();
        await().until(() -> {
            look();
            verticle.look();
            return expected.stream().allMatch(id -> partitions.owned(id) != null);
        });
        return this;
    }

    /** Claims nothing from now on. */
    void wantNothing() {
        table = id -> false;
    }

    /** Sees how things stand in the ledger. */
    void look() {
        membership.look().toCompletableFuture().join();
    }

    OwnedPartition owner(RecordKey key) {
        return partitions.owner(key);
    }

    Future<Outcome> send(Command command) {
        return run(() -> commands.send(command));
    }

    Future<BatchOutcome> sendAtomically(Command... batch) {
        return run(() -> commands.sendAtomically(List.of(batch), null));
    }

    Future<Entry> read(RecordKey key) {
        return run(() -> commands.read(key));
    }

    private <T> Future<T> run(Supplier<Future<T>> call) {
        Promise<T> promise = Promise.promise();
        context.runOnContext(v -> call.get().onComplete(promise));
        return promise.future();
    }

    /** Takes the lock of a key that this node owns, as another batch would. */
    Runnable lock(RecordKey key) {
        var owner = owner(key);
        var lock = new KeyLock();
        owner.locks().put(key, lock);
        return () -> {
            owner.locks().remove(key, lock);
            lock.release().forEach(Runnable::run);
        };
    }

    /** Returns when all that was sent to the key's partition before has had its turn there. */
    void passTurn(RecordKey key) {
        RecordMap.of(hazelcast.instance()).containsKey(key);
    }

    /** Returns when so many applied operations wait for the commit that is out. */
    void awaitWaiting(int number) {
        await().until(() -> metrics.get("drey.commit.waiting").gauge().value() >= number);
    }

    @Override
    public void close() {
        SmallCluster.get(vertx.undeploy(deployment));
        membership.close();
        hazelcast.close();
        scheduler.shutdownNow();
    }
}
