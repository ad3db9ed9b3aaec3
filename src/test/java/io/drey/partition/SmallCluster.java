// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Durability;
import io.drey.ledger.sqlite.Sqlite;
import io.drey.ledger.sqlite.SqliteConfig;
import io.drey.model.Conditions;
import io.drey.model.Entry;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.drey.model.Ttl;
import io.drey.model.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** Nodes in one process that share a ledger and an event bus, one store, and the words in which tests speak of them. */
final class SmallCluster implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 20;

    private final Vertx vertx = Vertx.vertx();
    private final TroubledLedger ledger;
    private final List<PartitionNode> nodes = new ArrayList<>();
    private final long space;

    /** {@code quotaBytes} of the store, -1 for none. */
    SmallCluster(Path directory, long quotaBytes) {
        ledger = new TroubledLedger(Sqlite.open(new SqliteConfig(directory, Durability.OS, 1, 0)));
        var made = ledger.directory().account("admin", true).thenCompose(account -> ledger.directory()
                .createStore(
                        new NewStore(
                                "abcdefghijklmnopq",
                                account,
                                new StoreSettings("nuts", null, Ttl.NONE, -1, quotaBytes, "FOLLOW_USER_SETTING"),
                                ledger.now()),
                        null));
        space = made.toCompletableFuture().join().value().space();
    }

    SmallCluster(Path directory) {
        this(directory, -1);
    }

    Vertx vertx() {
        return vertx;
    }

    TroubledLedger ledger() {
        return ledger;
    }

    PartitionNode node(String name, long writeMillis) {
        var node = new PartitionNode(name, vertx, ledger, writeMillis);
        nodes.add(node);
        return node;
    }

    Neighbour neighbour(String name) {
        return new Neighbour(ledger.real(), name, nodes.get(0).partitions().count());
    }

    RecordKey key(String name) {
        return new RecordKey(space, name.getBytes(StandardCharsets.UTF_8));
    }

    /** Has others end the node's incarnation, of which it hears by its next look; answers which one that was. */
    long end(PartitionNode node) {
        var claims = ledger.real().claims();
        long incarnation = node.membership().incarnation();
        // A renewal may come in between and raise the counter.
        await().until(() -> claims.renew(0).toCompletableFuture().join().members().stream()
                .filter(member -> member.incarnation() == incarnation)
                .allMatch(member -> claims.end(incarnation, member.counter())
                        .toCompletableFuture()
                        .join()));
        return incarnation;
    }

    /** Has the node hear that this incarnation was ended, and begin anew. */
    void beginAnew(PartitionNode node, long ended) {
        node.look();
        await().until(() -> node.membership().incarnation() > ended
                && node.membership().lease().isHeld());
    }

    /** What the ledger has, "absent" where it has nothing. */
    String stored(RecordKey key) {
        return text(ledger.real()
                .records()
                .load(List.of(key))
                .toCompletableFuture()
                .join()
                .get(0));
    }

    @Override
    public void close() {
        ledger.calmDown();
        nodes.forEach(PartitionNode::close);
        get(vertx.close());
        ledger.close();
    }

    static Command command(RecordKey key, Operation operation) {
        return new Command(OperationIds.next(), key, operation, Ttl.NONE, null);
    }

    static Command put(RecordKey key, String json) {
        var value = new Value.Inline(json.getBytes(StandardCharsets.UTF_8));
        return command(key, new Operation.Put(value, "application/json", Ttl.NONE, Conditions.NONE));
    }

    static Command increment(RecordKey key) {
        return command(key, new Operation.Increment(BigDecimal.ONE, Conditions.NONE));
    }

    static String text(Outcome outcome) {
        return text(((Outcome.Done) outcome).entry());
    }

    static String text(Entry entry) {
        return entry == null ? "absent" : new String(((Value.Inline) entry.value()).bytes(), StandardCharsets.UTF_8);
    }

    static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    /** What the future fails with. */
    static Failure failure(Future<?> future) {
        try {
            var result = get(future);
            throw new AssertionError("It did not fail, but answered " + result);
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(Failure.class);
            return (Failure) e.getCause();
        }
    }
}
