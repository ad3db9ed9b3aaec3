// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Cleared;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Marks.Mark;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Gives a store a new space at one instant. Its position in the log cannot be known beforehand, so an answer is made of
 * version 0; the row of the answer and the result bear the right one.
 */
record StoreClearing(Lookups lookups, long number, long now, Mark mark) implements Change<Cleared> {
    private static final String GONE = "gone";
    private static final String CLEARED = "cleared";
    private static final String COLUMNS = "f.outcome, f.removed, f.version, " + StoreRow.columns("(f.store)");

    @Override
    public String columns() {
        return COLUMNS;
    }

    @Override
    public String function() {
        return "clear_store";
    }

    @Override
    public List<Object> values() {
        return Arrays.asList(
                number, now, mark == null ? null : mark.subject(), mark == null ? null : mark.incarnation());
    }

    @Override
    public int foreseenValues() {
        return 4;
    }

    /** The number of the new space is fetched after the old one was seen, so it is the greater one. */
    @Override
    public CompletionStage<Foreseen<Cleared>> foresee() {
        return lookups.store(number).thenCompose(present -> {
            if (present == null) {
                return CompletableFuture.completedStage(Foreseen.of(null, GONE, null, null, null));
            }
            return lookups.nextSpace()
                    .thenApply(space -> Foreseen.of(
                            new Cleared(cleared(present, space), present.records(), 0),
                            CLEARED,
                            present.space(),
                            present.records(),
                            space));
        });
    }

    private Store cleared(Store present, long space) {
        return new Store(
                present.number(),
                space,
                present.id(),
                present.account(),
                present.settings(),
                present.createdAt(),
                Math.max(present.modifiedAt(), now),
                present.accessedAt(),
                0,
                0,
                present.use(),
                false);
    }

    @Override
    public Cleared result(RowSet<Row> rows) {
        Row row = rows.iterator().next();
        return row.getString(0).equals(GONE)
                ? null
                : new Cleared(StoreRow.store(row, 3), row.getLong(1), row.getLong(2));
    }

    @Override
    public Cleared result(RowSet<Row> rows, Cleared foreseen) {
        return foreseen == null
                ? null
                : new Cleared(
                        foreseen.store(),
                        foreseen.records(),
                        rows.iterator().next().getLong(2));
    }
}
