// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import io.drey.ledger.Marks.Mark;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Accounts, stores, dependents and tokens: few, seldom changed, and looked up by everybody.
 *
 * <p>Every method that changes something is one transaction, logs what subscribers are to see, and takes a {@link Once}
 * (null for a request without idempotency key) whose answer is committed with it; it fails with
 * {@link LedgerException.AlreadyAnswered} when that key has an answer.
 *
 * <p>What changes something that nodes remember takes a {@link Mark} (null where nobody else can remember it): it fails
 * with {@link LedgerException.Unavailable} when that mark no longer stands, and takes it away with the change.
 */
public interface Directory {
    /** The account of that name, made when {@code create}; else null. */
    CompletionStage<Account> account(String name, boolean create);

    /** Null when there is none. */
    CompletionStage<Store> storeById(String id);

    /** Null when there is none. */
    CompletionStage<Store> storeByName(long account, String name);

    /** The account's stores by creation; {@code ids} null for all, else only those. */
    CompletionStage<StorePage> stores(StoreListing listing);

    /** Makes a store, or answers the one that has this name, unchanged. */
    CompletionStage<Made<Store>> createStore(NewStore store, Once<Made<Store>> once);

    /** Replaces what the owner may change; null when the store is gone. Fails with {@link NameTaken} as a result. */
    CompletionStage<StoreUpdate> updateStore(
            long number, StoreSettings settings, long now, Once<StoreUpdate> once, Mark mark);

    CompletionStage<StoreDeletion> deleteStore(
            long number, boolean force, long now, Once<StoreDeletion> once, Mark mark);

    /** Gives the store a new space at one instant; answers how many records that removed, null when it is gone. */
    CompletionStage<Cleared> clearStore(long number, long now, Once<Cleared> once, Mark mark);

    /** Removes a bounded share of the records of spaces that no store has any longer; answers how many. */
    CompletionStage<Integer> sweepSpaces(int limit);

    /** Adds to the counters of use. */
    CompletionStage<Void> addUse(Map<Long, Use> useByStore);

    CompletionStage<List<Dependent>> dependents(long store);

    /** Answers whether it was made (true) or replaced; null when the store is gone. */
    CompletionStage<Boolean> putDependent(long store, Dependent dependent, Once<Boolean> once);

    /** Answers whether there was one. */
    CompletionStage<Boolean> deleteDependent(long store, String name, Once<Boolean> once);

    CompletionStage<Token> createToken(NewToken token, Once<Token> once);

    /** By the hash of its secret; null when there is none. */
    CompletionStage<Token> tokenByHash(byte[] hash);

    CompletionStage<List<Token>> tokens(long account);

    /** Answers whether there was one. */
    CompletionStage<Boolean> deleteToken(long account, String id, Once<Boolean> once, Mark mark);

    /** Notes when tokens were last used; {@code usedAt} by token id. */
    CompletionStage<Void> noteTokenUse(Map<String, Long> usedAt);

    /** A value of this ledger as a whole that is made once, such as the salt of its hashes. */
    CompletionStage<byte[]> secret(String name, int bytes);

    /** What is committed beside a change so that a repeat of its request is answered alike. */
    record Once<T>(long account, String key, byte[] fingerprint, long now, Function<T, byte[]> content) {}

    record Made<T>(T value, boolean created) {}

    record Account(long number, String id, String name) {}

    /** {@code ttlMillis} 0 for none; quotas -1 for none. */
    record StoreSettings(
            String name, String title, long ttlMillis, long quotaRecords, long quotaBytes, String generalAccess) {}

    record NewStore(String id, Account account, StoreSettings settings, long now) {}

    /** A store as it is. {@code bytes} is the sum of its values' sizes; what is {@code marked} is not to be remembered. */
    record Store(
            long number,
            long space,
            String id,
            Account account,
            StoreSettings settings,
            long createdAt,
            long modifiedAt,
            long accessedAt,
            long records,
            long bytes,
            Use use,
            boolean marked) {}

    /** Counters of use; {@code accessedAt} in milliseconds. */
    record Use(long reads, long writes, long deletes, long lists, long accessedAt) {}

    /** {@code prefix} of the name, empty for all; {@code ids} null for all. */
    record StoreListing(
            long account,
            long offset,
            int limit,
            boolean descending,
            boolean unnamed,
            String prefix,
            List<String> ids) {}

    record StorePage(List<Store> items, long total) {}

    /** What came of an update. */
    sealed interface StoreUpdate {}

    record Updated(Store store) implements StoreUpdate {}

    record NameTaken() implements StoreUpdate {}

    /** What came of a deletion. */
    sealed interface StoreDeletion {}

    record Deleted() implements StoreDeletion {}

    record HasDependents(List<Dependent> dependents) implements StoreDeletion {}

    /** Of an update or a deletion: there is no such store. */
    record NoStore() implements StoreUpdate, StoreDeletion {}

    /** The store with its new space. */
    record Cleared(Store store, long records, long version) {}

    /** What uses a store; {@code kind} is {@code manual} or {@code webhook}. */
    record Dependent(String name, String description, String url, String kind) {}

    /** {@code scopes} as JSON, opaque to the ledger; {@code expiresAt} 0 for never. */
    record NewToken(String id, byte[] hash, String name, Account account, String scopes, long now, long expiresAt) {}

    record Token(
            String id,
            byte[] hash,
            String name,
            Account account,
            String scopes,
            long createdAt,
            long expiresAt,
            long lastUsedAt,
            boolean marked) {}
}
