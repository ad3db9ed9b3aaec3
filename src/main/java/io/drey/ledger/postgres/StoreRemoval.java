// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Deleted;
import io.drey.ledger.Directory.Dependent;
import io.drey.ledger.Directory.HasDependents;
import io.drey.ledger.Directory.NoStore;
import io.drey.ledger.Directory.StoreDeletion;
import io.drey.ledger.Marks.Mark;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Deletes a store with all that belongs to it, unless something uses it. */
record StoreRemoval(Lookups lookups, long number, boolean force, long now, Mark mark) implements Change<StoreDeletion> {
    private static final String GONE = "gone";
    private static final String HELD = "held";
    private static final String DELETED = "deleted";

    @Override
    public String columns() {
        return "f.outcome, f.name, f.description, f.url, f.kind";
    }

    @Override
    public String function() {
        return "delete_store";
    }

    @Override
    public List<Object> values() {
        return Arrays.asList(
                number, force, now, mark == null ? null : mark.subject(), mark == null ? null : mark.incarnation());
    }

    @Override
    public int foreseenValues() {
        return 1;
    }

    @Override
    public CompletionStage<Foreseen<StoreDeletion>> foresee() {
        return lookups.store(number).thenCompose(present -> {
            if (present == null) {
                return CompletableFuture.completedStage(Foreseen.of(new NoStore(), GONE));
            }
            return lookups.dependents(number).thenApply(this::foreseen);
        });
    }

    private Foreseen<StoreDeletion> foreseen(List<Dependent> dependents) {
        return force || dependents.isEmpty()
                ? Foreseen.of(new Deleted(), DELETED)
                : Foreseen.of(new HasDependents(dependents), HELD);
    }

    @Override
    public StoreDeletion result(RowSet<Row> rows) {
        return switch (rows.iterator().next().getString(0)) {
            case GONE -> new NoStore();
            case HELD ->
                new HasDependents(Stages.all(row -> Lookups.dependent(row, 1)).apply(rows));
            default -> new Deleted();
        };
    }
}
