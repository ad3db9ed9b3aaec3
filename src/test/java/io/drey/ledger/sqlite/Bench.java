// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Commit;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.Verdict;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Durability;
import io.drey.ledger.LedgerException;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** An open SQLite ledger with one store, for tests of what only SQLite has. */
final class Bench implements AutoCloseable {
    static final int RESERVE_BYTES = 1 << 20;

    final SqliteLedger ledger;
    final Store store;
    private final long epoch;

    Bench(Path directory) {
        this.ledger = Opening.open(config(directory));
        long incarnation = await(ledger.claims().join(new io.drey.ledger.Claims.Node("node", "", "")));
        this.epoch = await(ledger.claims().claim(incarnation, List.of(0))).get(0);
        var account = await(ledger.directory().account("admin", true));
        var settings = new StoreSettings("main", null, 0, -1, -1, null);
        this.store = await(ledger.directory().createStore(new NewStore("A", account, settings, ledger.now()), null))
                .value();
    }

    static SqliteConfig config(Path directory) {
        return new SqliteConfig(directory, Durability.OS, 1, RESERVE_BYTES);
    }

    RecordKey key(String text) {
        return new RecordKey(store.space(), text.getBytes(StandardCharsets.UTF_8));
    }

    Entry load(String key) {
        return await(ledger.records().load(List.of(key(key)))).get(0);
    }

    Verdict put(String key, byte[] value) {
        Entry base = load(key);
        var next = new Entry(new Value.Inline(value), "text/plain", 0, 1, 1, Entry.NEVER);
        return commit(key, base, next, new Change.Created(next, "put", ledger.now()));
    }

    Verdict delete(String key) {
        return commit(key, load(key), null, new Change.Deleted("delete", ledger.now()));
    }

    boolean holds(String key) {
        return load(key) != null;
    }

    static boolean isDone(Verdict verdict) {
        return verdict instanceof Committed;
    }

    private Verdict commit(String key, Entry base, Entry next, Change change) {
        var record = new RecordCommit(
                key(key),
                0,
                epoch,
                base == null ? 0 : base.version(),
                base == null ? 0 : base.value().size(),
                next,
                List.of(new Step(change, 1, null)));
        return await(ledger.records().commit(new Commit(List.of(record), List.of(), null)))
                .records()
                .get(0);
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (LedgerException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        ledger.close();
    }
}
