// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.store;

import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.Use;
import io.drey.model.RecordKey;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;

/**
 * A store as this node remembers it. A change of the store makes a new object; the old one is then closed, and whoever
 * holds it looks the store up again. Safe from any thread.
 */
public final class OpenStore {
    private final Store store;
    private final LongAdder reads;
    private final LongAdder writes;
    private final LongAdder deletes;
    private final LongAdder lists;
    private volatile long accessedAt;
    private volatile CompletableFuture<Void> closed;

    OpenStore(Store store) {
        this.store = store;
        this.reads = new LongAdder();
        this.writes = new LongAdder();
        this.deletes = new LongAdder();
        this.lists = new LongAdder();
        this.accessedAt = store.accessedAt();
    }

    public long number() {
        return store.number();
    }

    public String id() {
        return store.id();
    }

    public long account() {
        return store.account().number();
    }

    public long defaultTtl() {
        return store.settings().ttlMillis();
    }

    public RecordKey key(byte[] key) {
        return new RecordKey(store.space(), key);
    }

    public long space() {
        return store.space();
    }

    Store store() {
        return store;
    }

    /** Completes when the change of the store that is under way is settled; null while the store is open. */
    CompletableFuture<Void> closed() {
        return closed;
    }

    boolean isOpen() {
        return closed == null;
    }

    void close(CompletableFuture<Void> until) {
        closed = until;
    }

    public void countRead(long now) {
        reads.increment();
        accessed(now);
    }

    public void countWrite(long now) {
        writes.increment();
        accessed(now);
    }

    public void countDelete(long now) {
        deletes.increment();
        accessed(now);
    }

    public void countList(long now) {
        lists.increment();
        accessed(now);
    }

    private void accessed(long now) {
        if (now - accessedAt > 100) {
            accessedAt = now;
        }
    }

    /** What was counted since the last call, null when nothing was. */
    Use takeUse() {
        var use = new Use(
                reads.sumThenReset(), writes.sumThenReset(), deletes.sumThenReset(), lists.sumThenReset(), accessedAt);
        return use.reads() + use.writes() + use.deletes() + use.lists() == 0 ? null : use;
    }
}
