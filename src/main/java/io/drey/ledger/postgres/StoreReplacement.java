// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.NameTaken;
import io.drey.ledger.Directory.NoStore;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.StoreUpdate;
import io.drey.ledger.Directory.Updated;
import io.drey.ledger.Marks.Mark;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Replaces the settings of a store. */
record StoreReplacement(Lookups lookups, long number, StoreSettings settings, long now, Mark mark)
        implements Change<StoreUpdate> {
    private static final String GONE = "gone";
    private static final String TAKEN = "taken";
    private static final String UPDATED = "updated";
    private static final String COLUMNS = "f.outcome, " + StoreRow.columns("(f.store)");

    @Override
    public String columns() {
        return COLUMNS;
    }

    @Override
    public String function() {
        return "update_store";
    }

    @Override
    public List<Object> values() {
        return Arrays.asList(
                number,
                settings.name(),
                FreeText.bytes(settings.title()),
                settings.ttlMillis(),
                settings.quotaRecords(),
                settings.quotaBytes(),
                settings.generalAccess(),
                now,
                mark == null ? null : mark.subject(),
                mark == null ? null : mark.incarnation());
    }

    @Override
    public int foreseenValues() {
        return 2;
    }

    @Override
    public CompletionStage<Foreseen<StoreUpdate>> foresee() {
        return lookups.store(number).thenCompose(present -> {
            if (present == null) {
                return CompletableFuture.completedStage(Foreseen.of(new NoStore(), GONE, null));
            }
            return lookups.storeByName(present.account().number(), settings.name())
                    .thenApply(same -> same == null || same.number() == number
                            ? Foreseen.of(new Updated(updated(present)), UPDATED, present.space())
                            : Foreseen.of(new NameTaken(), TAKEN, null));
        });
    }

    private Store updated(Store present) {
        return new Store(
                present.number(),
                present.space(),
                present.id(),
                present.account(),
                settings,
                present.createdAt(),
                Math.max(present.modifiedAt(), now),
                present.accessedAt(),
                present.records(),
                present.bytes(),
                present.use(),
                false);
    }

    @Override
    public StoreUpdate result(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return switch (row.getString(0)) {
            case GONE -> new NoStore();
            case TAKEN -> new NameTaken();
            default -> new Updated(StoreRow.store(row, 1));
        };
    }
}
