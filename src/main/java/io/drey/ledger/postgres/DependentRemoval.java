// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Deletes what uses a store: whether there was one. */
record DependentRemoval(Lookups lookups, long store, String name) implements Change<Boolean> {
    @Override
    public String columns() {
        return "f";
    }

    @Override
    public String function() {
        return "delete_dependent";
    }

    @Override
    public List<Object> values() {
        return List.of(store, FreeText.bytes(name));
    }

    @Override
    public int foreseenValues() {
        return 1;
    }

    @Override
    public CompletionStage<Foreseen<Boolean>> foresee() {
        return lookups.hasDependent(store, FreeText.bytes(name))
                .thenApply(isThere -> Foreseen.of(isThere, isThere ? "deleted" : "absent"));
    }

    @Override
    public Boolean result(RowSet<Row> rows) {
        return rows.iterator().next().getString(0).equals("deleted");
    }
}
