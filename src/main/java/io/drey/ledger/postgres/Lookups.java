// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Dependent;
import io.drey.ledger.Directory.Store;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Finds stores and what belongs to them. */
final class Lookups {
    private static final String STORE = "select " + StoreRow.columns("s") + " from drey.store_seen s where ";
    private static final String BY_NUMBER = STORE + "s.number = $1";
    private static final String BY_ID = STORE + "s.id = $1";
    private static final String BY_NAME = STORE + "s.account = $1 and s.name = $2";
    private static final String DEPENDENTS =
            "select d.name, d.description, d.url, d.kind from drey.dependent d where d.store = $1 order by d.name";
    private static final String HAS_DEPENDENT = "select 1 from drey.dependent d where d.store = $1 and d.name = $2";
    private static final String HAS_TOKEN = "select 1 from drey.token t where t.account = $1 and t.id = $2";
    private static final String NEXT = "select nextval('drey.store_number_seq'), nextval('drey.space_space_seq')";
    private static final String NEXT_SPACE = "select nextval('drey.space_space_seq')";

    private final Database database;

    Lookups(Database database) {
        this.database = database;
    }

    CompletionStage<Store> store(long number) {
        return store(BY_NUMBER, Tuple.of(number));
    }

    CompletionStage<Store> storeById(String id) {
        return FreeText.isPlain(id) ? store(BY_ID, Tuple.of(id)) : CompletableFuture.completedStage(null);
    }

    /** Null also for a name of null. */
    CompletionStage<Store> storeByName(long account, String name) {
        return name != null && FreeText.isPlain(name)
                ? store(BY_NAME, Tuple.of(account, name))
                : CompletableFuture.completedStage(null);
    }

    CompletionStage<List<Dependent>> dependents(long store) {
        return database.read(DEPENDENTS, Tuple.of(store), Stages.all(row -> dependent(row, 0)));
    }

    static Dependent dependent(Row row, int at) {
        return new Dependent(
                FreeText.text(row, at), FreeText.text(row, at + 1), FreeText.text(row, at + 2), row.getString(at + 3));
    }

    CompletionStage<Boolean> hasDependent(long store, Buffer name) {
        return database.read(HAS_DEPENDENT, Tuple.of(store, name), rows -> rows.size() > 0);
    }

    CompletionStage<Boolean> hasToken(long account, String id) {
        return FreeText.isPlain(id)
                ? database.read(HAS_TOKEN, Tuple.of(account, id), rows -> rows.size() > 0)
                : CompletableFuture.completedStage(false);
    }

    /** Numbers of a store and a space, set apart for whoever asked. */
    CompletionStage<Numbers> nextNumbers() {
        return database.read(NEXT, Tuple.tuple(), Stages.first(row -> new Numbers(row.getLong(0), row.getLong(1))));
    }

    CompletionStage<Long> nextSpace() {
        return database.read(NEXT_SPACE, Tuple.tuple(), Stages.first(row -> row.getLong(0)));
    }

    private CompletionStage<Store> store(String sql, Tuple values) {
        return database.read(sql, values, Stages.first(row -> StoreRow.store(row, 0)));
    }

    record Numbers(long store, long space) {}
}
