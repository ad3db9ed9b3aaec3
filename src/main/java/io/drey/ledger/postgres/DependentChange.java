// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Dependent;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes or replaces what uses a store: true, false, null when the store is gone. */
record DependentChange(Lookups lookups, long store, Dependent dependent) implements Change<Boolean> {
    private static final String GONE = "gone";
    private static final String MADE = "made";
    private static final String REPLACED = "replaced";

    @Override
    public String columns() {
        return "f";
    }

    @Override
    public String function() {
        return "put_dependent";
    }

    @Override
    public List<Object> values() {
        return Arrays.asList(
                store,
                name(),
                FreeText.bytes(dependent.description()),
                FreeText.bytes(dependent.url()),
                dependent.kind());
    }

    private Buffer name() {
        return FreeText.bytes(dependent.name());
    }

    @Override
    public int foreseenValues() {
        return 1;
    }

    @Override
    public CompletionStage<Foreseen<Boolean>> foresee() {
        return lookups.store(store)
                .thenCompose(present -> present == null
                        ? CompletableFuture.completedStage(Foreseen.of(null, GONE))
                        : lookups.hasDependent(store, name())
                                .thenApply(isThere -> Foreseen.of(!isThere, isThere ? REPLACED : MADE)));
    }

    @Override
    public Boolean result(RowSet<Row> rows) {
        String outcome = rows.iterator().next().getString(0);
        return outcome.equals(GONE) ? null : (Boolean) outcome.equals(MADE);
    }
}
