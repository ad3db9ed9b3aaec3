// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** What stages fail with and complete with. */
final class Stages {
    private Stages() {}

    /** Takes off what composing wraps around a failure: stages of a ledger fail with its exceptions alone. */
    static <T> CompletionStage<T> bare(CompletionStage<T> composed) {
        var stage = new CompletableFuture<T>();
        composed.whenComplete((result, failure) -> {
            if (failure == null) {
                stage.complete(result);
            } else {
                stage.completeExceptionally(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
            }
        });
        return stage;
    }

    /** Of the first row, null when there is none. */
    static <T> Function<RowSet<Row>, T> first(Function<Row, T> row) {
        return rows -> rows.size() == 0 ? null : row.apply(rows.iterator().next());
    }

    static <T> Function<RowSet<Row>, List<T>> all(Function<Row, T> row) {
        return rows -> {
            var all = new ArrayList<T>(rows.size());
            rows.forEach(each -> all.add(row.apply(each)));
            return all;
        };
    }

    /** For statements whose result does not matter. */
    static Void nothing(RowSet<Row> rows) {
        return null;
    }
}
