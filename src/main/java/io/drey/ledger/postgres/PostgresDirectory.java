// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory;
import io.drey.ledger.Marks.Mark;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Accounts, stores, dependents and tokens. */
final class PostgresDirectory implements Directory {
    private static final String ACCOUNT = "select number, id, name from drey.account where name = $1";
    private static final String MAKE_ACCOUNT = "select number, id, name from drey.make_account($1, $2, $3)";
    private static final String SWEEP = "select drey.sweep_spaces($1, $2, $3)";
    private static final String ADD_USE = "select drey.add_use($1, $2, $3, $4, $5, $6, $7)";
    private static final String TOKEN = "select " + TokenRow.COLUMNS + " from drey.token_seen t where ";
    private static final String TOKEN_BY_HASH = TOKEN + "t.hash = $1";
    private static final String TOKENS = TOKEN + "t.account = $1 order by t.created_at, t.id";
    private static final String NOTE_USE = "select drey.note_token_use($1, $2, $3)";
    private static final String SECRET = "select value from drey.secret where name = $1";
    private static final String MAKE_SECRET = "select drey.make_secret($1, $2, $3)";

    private final Database database;
    private final Lookups lookups;
    private final Changes changes;

    PostgresDirectory(Database database) {
        this.database = database;
        this.lookups = new Lookups(database);
        this.changes = new Changes(database);
    }

    @Override
    public CompletionStage<Account> account(String name, boolean create) {
        Buffer bytes = FreeText.bytes(name);
        return Stages.bare(database.read(ACCOUNT, Tuple.of(bytes), Stages.first(PostgresDirectory::account))
                .thenCompose(found -> found != null || !create
                        ? CompletableFuture.completedStage(found)
                        : database.write(
                                MAKE_ACCOUNT,
                                Tuple.of(database.server(), Randomness.id(), bytes),
                                Stages.first(PostgresDirectory::account))));
    }

    @Override
    public CompletionStage<Store> storeById(String id) {
        return lookups.storeById(id);
    }

    @Override
    public CompletionStage<Store> storeByName(long account, String name) {
        return lookups.storeByName(account, name);
    }

    @Override
    public CompletionStage<StorePage> stores(StoreListing listing) {
        return database.page(StorePages.sql(listing), StorePages.values(listing), StorePages::page);
    }

    @Override
    public CompletionStage<Made<Store>> createStore(NewStore store, Once<Made<Store>> once) {
        return changes.make(new StoreCreation(lookups, store), once);
    }

    @Override
    public CompletionStage<StoreUpdate> updateStore(
            long number, StoreSettings settings, long now, Once<StoreUpdate> once, Mark mark) {
        return changes.make(new StoreReplacement(lookups, number, settings, now, mark), once);
    }

    @Override
    public CompletionStage<StoreDeletion> deleteStore(
            long number, boolean force, long now, Once<StoreDeletion> once, Mark mark) {
        return changes.make(new StoreRemoval(lookups, number, force, now, mark), once);
    }

    @Override
    public CompletionStage<Cleared> clearStore(long number, long now, Once<Cleared> once, Mark mark) {
        return changes.make(new StoreClearing(lookups, number, now, mark), once);
    }

    @Override
    public CompletionStage<Integer> sweepSpaces(int limit) {
        return database.background(
                SWEEP, Tuple.of(database.server(), database.now(), limit), Stages.first(row -> row.getInteger(0)));
    }

    @Override
    public CompletionStage<Void> addUse(Map<Long, Use> useByStore) {
        var stores = List.copyOf(useByStore.keySet());
        var uses = new ArrayList<Use>(stores.size());
        stores.forEach(store -> uses.add(useByStore.get(store)));
        return database.background(
                ADD_USE,
                Tuple.from(List.of(
                        database.server(),
                        stores.toArray(Long[]::new),
                        column(uses, Use::reads),
                        column(uses, Use::writes),
                        column(uses, Use::deletes),
                        column(uses, Use::lists),
                        column(uses, Use::accessedAt))),
                Stages::nothing);
    }

    private static Long[] column(List<Use> uses, Function<Use, Long> number) {
        return uses.stream().map(number).toArray(Long[]::new);
    }

    @Override
    public CompletionStage<List<Dependent>> dependents(long store) {
        return lookups.dependents(store);
    }

    @Override
    public CompletionStage<Boolean> putDependent(long store, Dependent dependent, Once<Boolean> once) {
        return changes.make(new DependentChange(lookups, store, dependent), once);
    }

    @Override
    public CompletionStage<Boolean> deleteDependent(long store, String name, Once<Boolean> once) {
        return changes.make(new DependentRemoval(lookups, store, name), once);
    }

    @Override
    public CompletionStage<Token> createToken(NewToken token, Once<Token> once) {
        return changes.make(new TokenCreation(token), once);
    }

    @Override
    public CompletionStage<Token> tokenByHash(byte[] hash) {
        return database.read(TOKEN_BY_HASH, Tuple.of(Buffer.buffer(hash)), Stages.first(TokenRow::token));
    }

    @Override
    public CompletionStage<List<Token>> tokens(long account) {
        return database.page(TOKENS, Tuple.of(account), Stages.all(TokenRow::token));
    }

    @Override
    public CompletionStage<Boolean> deleteToken(long account, String id, Once<Boolean> once, Mark mark) {
        return changes.make(new TokenRemoval(lookups, account, id, mark), once);
    }

    @Override
    public CompletionStage<Void> noteTokenUse(Map<String, Long> usedAt) {
        var tokens = usedAt.keySet().stream().filter(FreeText::isPlain).toArray(String[]::new);
        var times = new Long[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            times[i] = usedAt.get(tokens[i]);
        }
        return database.background(NOTE_USE, Tuple.of(database.server(), tokens, times), Stages::nothing);
    }

    @Override
    public CompletionStage<byte[]> secret(String name, int bytes) {
        return Stages.bare(database.read(SECRET, Tuple.of(name), Stages.first(PostgresDirectory::bytes))
                .thenCompose(found -> found != null
                        ? CompletableFuture.completedStage(found)
                        : database.write(
                                MAKE_SECRET,
                                Tuple.of(database.server(), name, Buffer.buffer(Randomness.bytes(bytes))),
                                Stages.first(PostgresDirectory::bytes))));
    }

    private static Account account(Row row) {
        return new Account(row.getLong(0), row.getString(1), FreeText.text(row, 2));
    }

    private static byte[] bytes(Row row) {
        return row.getBuffer(0).getBytes();
    }
}
