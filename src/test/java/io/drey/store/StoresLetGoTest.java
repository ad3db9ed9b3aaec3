// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.Claims;
import io.drey.ledger.Directory;
import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.Use;
import io.drey.ledger.Ledger;
import io.drey.ledger.Marks;
import io.drey.member.MemberConfig;
import io.drey.member.Membership;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A node that is told to let go of stores while it looks one of them up. */
class StoresLetGoTest {
    private static final long NUMBER = 7;
    private static final long OLD_SPACE = 100;
    private static final long NEW_SPACE = 101;

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<Store> first = new CompletableFuture<>();
    private final Queue<CompletableFuture<Store>> lookups = new ArrayDeque<>(List.of(first));
    private Stores stores;

    @BeforeEach
    void start() {
        var changed = CompletableFuture.completedFuture(store(NEW_SPACE));
        var directory = only(Directory.class, Map.of("storeById", () -> lookups.isEmpty() ? changed : lookups.poll()));
        var ledger = only(
                Ledger.class,
                Map.of(
                        "directory", () -> directory,
                        "claims", () -> only(Claims.class, Map.of()),
                        "isShared", () -> false));
        var membership = new Membership(ledger, new Claims.Node("node", "", ""), new MemberConfig(1_000));
        stores = new Stores(ledger, null, membership.lease());
    }

    @AfterEach
    void stop() {
        get(vertx.close());
    }

    @Test
    void whatWasLookedUpIsRemembered() {
        assertThat(spaceAfter(() -> {})).isEqualTo(OLD_SPACE);
    }

    @Test
    void aLookupThatBeganBeforeAMarkOfTheStoreIsNotRemembered() {
        assertThat(spaceAfter(() -> stores.marked(Set.of(Marks.store(NUMBER))))).isEqualTo(NEW_SPACE);
    }

    @Test
    void aLookupThatBeganBeforeALapseOfTheLeaseIsNotRemembered() {
        assertThat(spaceAfter(stores::lapsed)).isEqualTo(NEW_SPACE);
    }

    @Test
    void aLookupThatBeganBeforeTheNodeWasEndedIsNotRemembered() {
        assertThat(spaceAfter(stores::lost)).isEqualTo(NEW_SPACE);
    }

    /** The space that is found after another node has emptied the store, of which this one hears during a lookup. */
    private long spaceAfter(Runnable heard) {
        var found = find();
        heard.run();
        first.complete(store(OLD_SPACE));
        get(found);
        return get(find()).space();
    }

    private Future<OpenStore> find() {
        return stores.find(vertx.getOrCreateContext(), 1, "abcdefghijklmnopq");
    }

    private static Store store(long space) {
        return new Store(
                NUMBER,
                space,
                "abcdefghijklmnopq",
                new Account(1, "a", "a"),
                new StoreSettings("nuts", null, 0, -1, -1, null),
                0,
                0,
                0,
                0,
                0,
                new Use(0, 0, 0, 0, 0),
                false);
    }

    private static <T> T get(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(20, TimeUnit.SECONDS)
                .join();
    }

    /** One that answers nothing but calls of these names. */
    private static <T> T only(Class<T> type, Map<String, Supplier<Object>> answers) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (self, method, arguments) -> answers.get(method.getName())
                        .get()));
    }
}
