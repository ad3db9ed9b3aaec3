// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Made;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.Use;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes a store, or finds the one of that name or id. */
record StoreCreation(Lookups lookups, NewStore wanted) implements Change<Made<Store>> {
    private static final String COLUMNS = "f.outcome, " + StoreRow.columns("(f.store)");

    @Override
    public String columns() {
        return COLUMNS;
    }

    @Override
    public String function() {
        return "create_store";
    }

    @Override
    public List<Object> values() {
        var settings = wanted.settings();
        return Arrays.asList(
                wanted.id(),
                wanted.account().number(),
                settings.name(),
                FreeText.bytes(settings.title()),
                settings.ttlMillis(),
                settings.quotaRecords(),
                settings.quotaBytes(),
                settings.generalAccess(),
                wanted.now());
    }

    @Override
    public int foreseenValues() {
        return 3;
    }

    @Override
    public CompletionStage<Foreseen<Made<Store>>> foresee() {
        return lookups.storeByName(wanted.account().number(), wanted.settings().name())
                .thenCompose(
                        same -> same == null ? lookups.storeById(wanted.id()) : CompletableFuture.completedStage(same))
                .thenCompose(same -> same == null
                        ? lookups.nextNumbers().thenApply(this::made)
                        : CompletableFuture.completedStage(
                                Foreseen.of(new Made<>(same, false), same.number(), null, null)));
    }

    private Foreseen<Made<Store>> made(Lookups.Numbers numbers) {
        long now = wanted.now();
        var store = new Store(
                numbers.store(),
                numbers.space(),
                wanted.id(),
                wanted.account(),
                wanted.settings(),
                now,
                now,
                now,
                0,
                0,
                new Use(0, 0, 0, 0, now),
                false);
        return Foreseen.of(new Made<>(store, true), null, numbers.store(), numbers.space());
    }

    @Override
    public Made<Store> result(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return new Made<>(StoreRow.store(row, 1), row.getString(0).equals("made"));
    }
}
