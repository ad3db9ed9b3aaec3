// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import io.drey.ledger.Answers.Answer;
import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.Claims;
import io.drey.ledger.Commit;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.Dependent;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.NewToken;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreListing;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.Use;
import io.drey.ledger.Ledger;
import io.drey.ledger.Payloads;
import io.drey.ledger.Records.Listing;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Fills a ledger with some of everything, and tells all that its interface shows, line by line. */
final class Content {
    static final int LARGE = 500_000;
    private static final int PARTITIONS = 5;

    private final Ledger ledger;
    private final Map<Integer, Long> epochs;

    /** Joins as a node and claims all. */
    Content(Ledger ledger, String node) {
        this.ledger = ledger;
        long incarnation = await(ledger.claims().join(new Claims.Node(node, "127.0.0.1:5701", "http://127.0.0.1")));
        this.epochs = await(ledger.claims().claim(incarnation, List.of(0, 1, 2, 3, 4)));
    }

    Map<Integer, Long> epochs() {
        return epochs;
    }

    Account account() {
        return await(ledger.directory().account("admin", true));
    }

    void fill(Random random) {
        var directory = ledger.directory();
        await(directory.secret("cluster-id", 8));
        await(directory.secret("token-salt", 32));
        var account = account();
        await(directory.account("zweiter \u0000 \ud83d\udc1f", true));

        Store main = store("A", "main", 5_000, 100_000_000);
        Store cleared = store("B", "cleared", -1, -1);
        Store deleted = store("C", null, -1, -1);
        for (int i = 0; i < 300; i++) {
            put(main, "key " + i, bytes(random, random.nextInt(200)));
        }
        for (int i = 0; i < 300; i += 3) {
            put(main, "key " + i, bytes(random, random.nextInt(2_000)));
        }
        put(main, "empty", new byte[0]);
        put(main, new byte[] {0, -1, 0, 65}, bytes(random, 10), Entry.NEVER);
        put(main, "inline", bytes(random, Payloads.INLINE_BYTES_MAX));
        put(main, "large", bytes(random, LARGE));
        put(main, "large", bytes(random, LARGE + 1));
        put(main, "large and gone", bytes(random, 100_000));
        put(main, "expiring".getBytes(StandardCharsets.UTF_8), new byte[3], ledger.now() + 3_600_000);
        delete(main, "large and gone");
        for (int i = 0; i < 50; i++) {
            delete(main, "key " + i);
        }
        put(main, "key 7", bytes(random, 7));

        for (int i = 0; i < 20; i++) {
            put(cleared, "c" + i, bytes(random, 100));
        }
        await(directory.clearStore(cleared.number(), ledger.now(), null, null));
        sweepSpaces();
        put(cleared, "c3", bytes(random, 100));
        await(directory.clearStore(cleared.number(), ledger.now(), null, null));
        put(cleared, "c4", bytes(random, 100));

        put(deleted, "d", bytes(random, 100));
        await(directory.deleteStore(deleted.number(), true, ledger.now(), null, null));

        await(directory.putDependent(main.number(), new Dependent("report", "über \u0000", null, "manual"), null));
        await(directory.addUse(Map.of(main.number(), new Use(5, 6, 7, 8, ledger.now()))));
        await(directory.createToken(
                new NewToken("t1", bytes(random, 32), "a token", account, "[\"read\"]", 1_000, 0), null));
        await(directory.createToken(new NewToken("t2", bytes(random, 32), null, account, "[]", 1_000, 9_999), null));
        await(directory.noteTokenUse(Map.of("t1", 5_000L)));
        await(ledger.answers().remember(new Answer(1, "once", 0, new byte[] {1}, 7, new byte[] {2, 0}, 1_000)));
        await(ledger.answers().remember(new Answer(1, "begun", 0, new byte[] {1}, 0, null, 1_000)));
        await(ledger.answers().remember(new Answer(1, "begun", 3, null, 9, new byte[] {3}, 1_000)));
        long upload = await(ledger.payloads().begin());
        await(ledger.payloads().append(upload, 0, new byte[100]));
    }

    /** Lets the oldest of the log go. */
    void trim() {
        await(ledger.log().trim(0, 1_300_000));
    }

    void sweepSpaces() {
        while (await(ledger.directory().sweepSpaces(100)) > 0) {
            // A share at a time.
        }
    }

    Store store(String id, String name, long quotaRecords, long quotaBytes) {
        var settings = new StoreSettings(name, "Title \u0000", 0, quotaRecords, quotaBytes, "FOLLOW_USER_SETTING");
        return await(ledger.directory().createStore(new NewStore(id, account(), settings, ledger.now()), null))
                .value();
    }

    /** Answers the version. */
    long put(Store store, String key, byte[] value) {
        return put(store, key.getBytes(StandardCharsets.UTF_8), value, Entry.NEVER);
    }

    void delete(Store store, String key) {
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        commit(store, bytes, load(store, bytes), null, new Change.Deleted("delete", ledger.now()));
    }

    /** All that a client could learn. */
    List<String> lines() {
        var lines = new ArrayList<String>();
        var directory = ledger.directory();
        lines.add("secrets " + text(await(directory.secret("cluster-id", 8)))
                + text(await(directory.secret("token-salt", 32))));
        for (String name : new String[] {"admin", "zweiter \u0000 \ud83d\udc1f"}) {
            lines.add(String.valueOf(await(directory.account(name, false))));
        }
        long account = account().number();
        var stores = await(directory.stores(new StoreListing(account, 0, 100, false, true, "", null)));
        lines.add("stores " + stores.total());
        for (Store store : stores.items()) {
            lines.add(store.toString());
            lines.add(await(directory.dependents(store.number())).toString());
            describe(store, lines);
        }
        for (var token : await(directory.tokens(account))) {
            lines.add(token.id()
                    + text(token.hash())
                    + token.name()
                    + token.scopes()
                    + token.createdAt()
                    + ' '
                    + token.expiresAt()
                    + ' '
                    + token.lastUsedAt()
                    + await(directory.tokenByHash(token.hash())).id());
        }
        for (String key : new String[] {"once", "begun"}) {
            lines.add(text(await(ledger.answers().find(1, key, 0))));
            await(ledger.answers().parts(1, key, 1, 10)).forEach(answer -> lines.add(text(answer)));
        }
        lines.add(String.valueOf(await(ledger.log().range()).first()));
        describeLog(lines);
        return lines;
    }

    long lastPosition() {
        return await(ledger.log().range()).last();
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(Random random, int count) {
        byte[] bytes = new byte[count];
        random.nextBytes(bytes);
        return bytes;
    }

    private long put(Store store, byte[] key, byte[] value, long expiresAt) {
        Entry base = load(store, key);
        long now = ledger.now();
        Value written = value.length > LARGE ? upload(value) : new Value.Inline(value);
        var next = new Entry(written, "text/plain", Entry.PENDING, now, now, expiresAt);
        return commit(
                store,
                key,
                base,
                next,
                base == null ? new Change.Created(next, "put", now) : new Change.Updated(next, "put", now));
    }

    private Value upload(byte[] value) {
        long id = await(ledger.payloads().begin());
        int index = 0;
        for (int from = 0; from < value.length; from += Payloads.CHUNK_BYTES) {
            int to = Math.min(value.length, from + Payloads.CHUNK_BYTES);
            await(ledger.payloads().append(id, index++, Arrays.copyOfRange(value, from, to)));
        }
        return new Value.Stored(id, value.length);
    }

    private Entry load(Store store, byte[] key) {
        return await(ledger.records().load(List.of(recordKey(store, key)))).get(0);
    }

    private RecordKey recordKey(Store store, byte[] key) {
        return new RecordKey(await(ledger.directory().storeById(store.id())).space(), key);
    }

    private long commit(Store store, byte[] key, Entry base, Entry next, Change change) {
        int partition = Math.floorMod(Arrays.hashCode(key), PARTITIONS);
        var record = new RecordCommit(
                recordKey(store, key),
                partition,
                epochs.get(partition),
                base == null ? Entry.PENDING : base.version(),
                base == null ? 0 : base.value().size(),
                next,
                List.of(new Step(change, 1, null)));
        var verdict = await(ledger.records().commit(new Commit(List.of(record), List.of(), null)))
                .records()
                .get(0);
        return ((Committed) verdict).firstPosition();
    }

    private void describe(Store store, List<String> lines) {
        var keys = new TreeSet<byte[]>(Arrays::compareUnsigned);
        var page = await(ledger.records()
                .list(new Listing(store.space(), new byte[0], null, null, 1_000, true, Long.MAX_VALUE)));
        for (var item : page.items()) {
            lines.add(text(item.key()) + item.size() + text(item.entry()));
        }
        for (var entry : await(ledger.log().read(store.number(), 0, 10_000, false))) {
            if (entry.key() != null) {
                keys.add(entry.key());
            }
        }
        for (byte[] key : keys) {
            for (var entry : await(ledger.log().history(store.number(), key, Long.MAX_VALUE, 100))) {
                lines.add("history " + text(key) + entry.position() + entry.kind() + text(entry.value()));
            }
        }
    }

    private void describeLog(List<String> lines) {
        for (var entry : await(ledger.log().read(0, 0, 10_000, true))) {
            lines.add(entry.position() + " " + entry.store() + text(entry.key()) + entry.kind() + entry.operation()
                    + entry.time() + ' ' + entry.previousVersion() + ' ' + entry.size() + entry.contentType()
                    + text(entry.value()) + entry.batch() + entry.records()
                    + (entry.kind() == Kind.STORE_CLEARED ? " cleared" : ""));
        }
    }

    private String text(Entry entry) {
        return entry.contentType()
                + ' '
                + entry.version()
                + ' '
                + entry.createdAt()
                + ' '
                + entry.modifiedAt()
                + ' '
                + entry.expiresAt()
                + text(entry.value());
    }

    private String text(Value value) {
        if (value instanceof Value.Inline inline) {
            return text(inline.bytes());
        }
        if (value instanceof Value.Stored stored) {
            var text = new StringBuilder("stored " + stored.id() + ' ' + stored.size());
            for (int index = 0; index <= (stored.size() - 1) / Payloads.CHUNK_BYTES; index++) {
                text.append(Arrays.hashCode(await(ledger.payloads().read(stored.id(), index))))
                        .append(' ');
            }
            return text.toString();
        }
        return "none";
    }

    private static String text(Answer answer) {
        return answer == null
                ? "none"
                : answer.key()
                        + answer.part()
                        + text(answer.fingerprint())
                        + answer.version()
                        + ' '
                        + text(answer.content())
                        + answer.createdAt();
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : '[' + HexFormat.of().formatHex(bytes) + ']';
    }
}
