// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.store;

import io.drey.ledger.Directory;
import io.drey.ledger.Directory.Cleared;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.Once;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreDeletion;
import io.drey.ledger.Directory.StorePage;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.StoreUpdate;
import io.drey.ledger.Directory.Use;
import io.drey.ledger.Ledger;
import io.drey.ledger.Marks;
import io.drey.ledger.Marks.Mark;
import io.drey.member.Fence;
import io.drey.member.Lease;
import io.drey.member.Membership;
import io.drey.partition.Failure;
import io.drey.partition.LedgerFailures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The stores as this node remembers them: looked up once, forgotten at every change. While a store is being emptied,
 * changed or deleted nobody remembers it and whoever asks for it waits, so that no read from memory is older than what
 * the change's sender was told. Safe from any thread; futures complete on the given context and fail with a
 * {@link io.drey.partition.Failure}.
 */
public final class Stores implements Membership.Listener {
    private final Ledger ledger;
    private final Directory directory;
    private final Fence fence;
    private final Lease lease;
    private final Map<String, OpenStore> byId = new ConcurrentHashMap<>();
    private final Map<Name, String> idsByName = new ConcurrentHashMap<>();
    private final Map<Long, CompletableFuture<Void>> changing = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();

    public Stores(Ledger ledger, Fence fence, Lease lease) {
        this.ledger = ledger;
        this.directory = ledger.directory();
        this.fence = fence;
        this.lease = lease;
    }

    /** The store of that id, whoever's it is, or else the account's store of that name; null when there is none. */
    public Future<OpenStore> find(Context context, long account, String idOrName) {
        // The lease first: what is still remembered after it was held has been true under it.
        boolean held = lease.isHeld();
        var known = known(account, idOrName);
        if (known != null && known.isOpen()) {
            return held ? Future.succeededFuture(known) : Future.failedFuture(Failure.leaseLost());
        }
        if (known != null) {
            return await(context, known.closed()).compose(v -> find(context, account, idOrName));
        }
        return lookUp(context, account, idOrName);
    }

    private OpenStore known(long account, String idOrName) {
        var byItsId = byId.get(idOrName);
        if (byItsId != null) {
            return byItsId;
        }
        var id = idsByName.get(new Name(account, idOrName));
        var byName = id == null ? null : byId.get(id);
        return byName != null && idOrName.equals(byName.store().settings().name()) ? byName : null;
    }

    private Future<OpenStore> lookUp(Context context, long account, String idOrName) {
        long seen = changes.get();
        return run(context, () -> directory.storeById(idOrName))
                .compose(store -> store != null
                        ? Future.succeededFuture(store)
                        : run(context, () -> directory.storeByName(account, idOrName)))
                .compose(store -> store == null ? Future.succeededFuture(null) : remember(context, store, seen));
    }

    /** Remembers what was looked up, unless any store changed since: it might be older than that change. */
    private Future<OpenStore> remember(Context context, Store store, long seen) {
        if (store.marked()) {
            // Another node is about to change it: good for this request, but not to be remembered.
            return Future.succeededFuture(new OpenStore(store));
        }
        long account = store.account().number();
        var change = changing.get(store.number());
        if (change != null) {
            return await(context, change).compose(v -> find(context, account, store.id()));
        }
        var open = byId.compute(
                store.id(), (id, present) -> present != null || !isFresh(store, seen) ? present : new OpenStore(store));
        if (open == null || !open.isOpen()) {
            return find(context, account, store.id());
        }
        if (store.settings().name() != null) {
            idsByName.put(new Name(account, store.settings().name()), store.id());
        }
        return Future.succeededFuture(open);
    }

    private boolean isFresh(Store store, long seen) {
        return changes.get() == seen && !changing.containsKey(store.number());
    }

    /** Forgets what is remembered of a store, for example because the ledger says that it is another by now. */
    public void forget(OpenStore store) {
        byId.remove(store.id(), store);
    }

    /** The store with its counts as they are now; null when it is gone. */
    public Future<Store> describe(Context context, OpenStore store) {
        return run(context, () -> directory.storeById(store.id()));
    }

    public Future<StorePage> list(Context context, Directory.StoreListing listing) {
        return run(context, () -> directory.stores(listing));
    }

    public Future<Directory.Made<Store>> create(Context context, NewStore store, Once<Directory.Made<Store>> once) {
        return run(context, () -> directory.createStore(store, once));
    }

    public Future<StoreUpdate> update(
            Context context, OpenStore store, StoreSettings settings, Once<StoreUpdate> once) {
        return change(
                context, store, mark -> directory.updateStore(store.number(), settings, ledger.now(), once, mark));
    }

    public Future<StoreDeletion> delete(Context context, OpenStore store, boolean force, Once<StoreDeletion> once) {
        return change(context, store, mark -> directory.deleteStore(store.number(), force, ledger.now(), once, mark));
    }

    /** Removes all records at one instant; null when the store is gone. */
    public Future<Cleared> clear(Context context, OpenStore store, Once<Cleared> once) {
        return change(context, store, mark -> directory.clearStore(store.number(), ledger.now(), once, mark));
    }

    /** Runs a change with the store shut: nobody remembers it, on any node, until the change is settled. */
    private <T> Future<T> change(Context context, OpenStore store, Function<Mark, CompletionStage<T>> call) {
        var settled = new CompletableFuture<Void>();
        var other = changing.putIfAbsent(store.number(), settled);
        if (other != null) {
            return await(context, other).compose(v -> change(context, store, call));
        }
        store.close(settled);
        byId.computeIfPresent(store.id(), (id, remembered) -> {
            remembered.close(settled);
            return remembered;
        });
        return run(context, () -> fence.change(Marks.store(store.number()), call))
                .onComplete(result -> {
                    changes.incrementAndGet();
                    byId.remove(store.id());
                    idsByName.values().removeIf(store.id()::equals);
                    changing.remove(store.number(), settled);
                    settled.complete(null);
                });
    }

    /** Another node is about to change these: whoever holds one looks it up again. */
    @Override
    public void marked(Set<String> subjects) {
        if (!subjects.isEmpty()) {
            // Also for a store that is not remembered: a lookup of it may be under way that began before the mark.
            changes.incrementAndGet();
            byId.values().stream()
                    .filter(store -> subjects.contains(Marks.store(store.number())))
                    .forEach(this::letGo);
        }
    }

    @Override
    public void lapsed() {
        changes.incrementAndGet();
        byId.values().forEach(this::letGo);
    }

    @Override
    public void lost() {
        lapsed();
    }

    private void letGo(OpenStore store) {
        if (byId.remove(store.id(), store) && store.isOpen()) {
            store.close(CompletableFuture.completedFuture(null));
        }
    }

    /** Writes the counters of use to the ledger. */
    public CompletionStage<Void> flushUse() {
        var use = new HashMap<Long, Use>();
        byId.values().forEach(store -> {
            var taken = store.takeUse();
            if (taken != null) {
                use.put(store.number(), taken);
            }
        });
        return use.isEmpty() ? CompletableFuture.completedFuture(null) : directory.addUse(use);
    }

    private static Future<Void> await(Context context, CompletableFuture<Void> settled) {
        Promise<Void> promise = Promise.promise();
        settled.whenComplete((v, failure) -> context.runOnContext(w -> promise.complete()));
        return promise.future();
    }

    private static <T> Future<T> run(Context context, Supplier<CompletionStage<T>> call) {
        return LedgerFailures.future(context, call.get());
    }

    private record Name(long account, String name) {}
}
