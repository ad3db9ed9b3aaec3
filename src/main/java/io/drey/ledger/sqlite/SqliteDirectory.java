// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Answers;
import io.drey.ledger.Answers.Answer;
import io.drey.ledger.Directory;
import io.drey.ledger.LedgerException;
import io.drey.ledger.Marks.Mark;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.ToLongFunction;

/** Accounts, stores, dependents and tokens. */
final class SqliteDirectory implements Directory {
    private static final String SECRET = "select value from secret where name = ?";
    private static final String INSERT_SECRET = "insert into secret (name, value) values (?, ?)";

    private final Writer writer;
    private final Readers readers;

    SqliteDirectory(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public CompletionStage<Account> account(String name, boolean create) {
        return Stages.bare(readers.read(session -> AccountRows.find(session, name))
                .thenCompose(found -> found != null || !create
                        ? CompletableFuture.completedStage(found)
                        : writer.commit(true, turn -> AccountRows.findOrMake(turn.session(), name))));
    }

    @Override
    public CompletionStage<Store> storeById(String id) {
        return readers.read(session -> StoreRows.byId(session, id));
    }

    @Override
    public CompletionStage<Store> storeByName(long account, String name) {
        return readers.read(session -> StoreRows.byName(session, account, name));
    }

    @Override
    public CompletionStage<StorePage> stores(StoreListing listing) {
        return readers.read(session -> StoreRows.page(session, listing));
    }

    @Override
    public CompletionStage<Made<Store>> createStore(NewStore store, Once<Made<Store>> once) {
        return change(true, once, made -> 0, turn -> StoreChanges.create(turn, store));
    }

    @Override
    public CompletionStage<StoreUpdate> updateStore(
            long number, StoreSettings settings, long now, Once<StoreUpdate> once, Mark mark) {
        return change(true, once, update -> 0, turn -> StoreChanges.update(turn, number, settings, now));
    }

    @Override
    public CompletionStage<StoreDeletion> deleteStore(
            long number, boolean force, long now, Once<StoreDeletion> once, Mark mark) {
        return change(false, once, deletion -> 0, turn -> StoreChanges.delete(turn, number, force, now));
    }

    @Override
    public CompletionStage<Cleared> clearStore(long number, long now, Once<Cleared> once, Mark mark) {
        ToLongFunction<Cleared> version = cleared -> cleared == null ? 0 : cleared.version();
        return change(false, once, version, turn -> StoreChanges.clear(turn, number, now));
    }

    @Override
    public CompletionStage<Integer> sweepSpaces(int limit) {
        return writer.background(false, turn -> new SpaceSweep(turn, limit).run());
    }

    @Override
    public CompletionStage<Void> addUse(Map<Long, Use> useByStore) {
        return writer.background(true, turn -> {
            for (var use : useByStore.entrySet()) {
                StoreRows.addUse(turn.session(), use.getKey(), use.getValue());
            }
            return null;
        });
    }

    @Override
    public CompletionStage<List<Dependent>> dependents(long store) {
        return readers.read(session -> DependentRows.all(session, store));
    }

    @Override
    public CompletionStage<Boolean> putDependent(long store, Dependent dependent, Once<Boolean> once) {
        return change(
                true,
                once,
                made -> 0,
                turn -> StoreRows.byNumber(turn.session(), store) == null
                        ? null
                        : DependentRows.put(turn.session(), store, dependent));
    }

    @Override
    public CompletionStage<Boolean> deleteDependent(long store, String name, Once<Boolean> once) {
        return change(false, once, was -> 0, turn -> DependentRows.delete(turn.session(), store, name));
    }

    @Override
    public CompletionStage<Token> createToken(NewToken token, Once<Token> once) {
        return change(true, once, made -> 0, turn -> TokenRows.insert(turn.session(), token));
    }

    @Override
    public CompletionStage<Token> tokenByHash(byte[] hash) {
        return readers.read(session -> TokenRows.byHash(session, hash));
    }

    @Override
    public CompletionStage<List<Token>> tokens(long account) {
        return readers.read(session -> TokenRows.ofAccount(session, account));
    }

    @Override
    public CompletionStage<Boolean> deleteToken(long account, String id, Once<Boolean> once, Mark mark) {
        return change(false, once, was -> 0, turn -> TokenRows.delete(turn.session(), account, id));
    }

    @Override
    public CompletionStage<Void> noteTokenUse(Map<String, Long> usedAt) {
        return writer.background(true, turn -> {
            for (var use : usedAt.entrySet()) {
                TokenRows.use(turn.session(), use.getKey(), use.getValue());
            }
            return null;
        });
    }

    @Override
    public CompletionStage<byte[]> secret(String name, int bytes) {
        return Stages.bare(readers.read(session -> secret(session, name))
                .thenCompose(found -> found != null
                        ? CompletableFuture.completedStage(found)
                        : writer.commit(true, turn -> makeSecret(turn.session(), name, bytes))));
    }

    private static byte[] makeSecret(Session session, String name, int bytes) throws SQLException {
        byte[] found = secret(session, name);
        if (found != null) {
            return found;
        }
        byte[] made = Randomness.bytes(bytes);
        session.update(INSERT_SECRET, name, made);
        return made;
    }

    private static byte[] secret(Session session, String name) throws SQLException {
        return session.first(SECRET, row -> row.getBytes(1), name);
    }

    /** One transaction with the answer that is to be remembered; a content of null is not. */
    private <T> CompletionStage<T> change(
            boolean needsRoom, Once<T> once, ToLongFunction<T> version, Job.Work<T> work) {
        return writer.commit(needsRoom, turn -> {
            if (once != null && AnswerRows.find(turn.session(), once.account(), once.key(), Answers.WHOLE) != null) {
                throw new LedgerException.AlreadyAnswered();
            }
            T result = work.run(turn);
            byte[] content = once == null ? null : once.content().apply(result);
            if (content != null) {
                var answer = new Answer(
                        once.account(), once.key(), Answers.WHOLE, once.fingerprint(), 0, content, once.now());
                AnswerRows.insert(turn.session(), answer, version.applyAsLong(result));
            }
            return result;
        });
    }
}
