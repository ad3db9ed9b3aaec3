// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** One statement on its way. Event loop of the ledger, save for making it. */
final class Call<T> {
    private final String sql;
    private final Tuple values;
    private final String server;
    private final Function<RowSet<Row>, T> result;
    private final CompletableFuture<T> stage = new CompletableFuture<>();
    private long since = System.nanoTime();

    /** {@code server}: the one that the call is meant for, null for any. */
    Call(String sql, Tuple values, String server, Function<RowSet<Row>, T> result) {
        this.sql = sql;
        this.values = values;
        this.server = server;
        this.result = result;
    }

    String sql() {
        return sql;
    }

    Tuple values() {
        return values;
    }

    CompletableFuture<T> stage() {
        return stage;
    }

    boolean isFor(String found) {
        return server == null || server.equals(found);
    }

    /** From now on it waits for its answer: it was sent, or the one sent before it was answered. */
    void sent() {
        since = System.nanoTime();
    }

    boolean isOverdue(long now, long patienceMillis) {
        return now - since > patienceMillis * 1_000_000;
    }

    void complete(RowSet<Row> rows, boolean writes) {
        T value;
        try {
            value = result.apply(rows);
        } catch (RuntimeException e) {
            fail(Failures.meaning(e, writes));
            return;
        }
        stage.complete(value);
    }

    void fail(LedgerException failure) {
        stage.completeExceptionally(failure);
    }
}
