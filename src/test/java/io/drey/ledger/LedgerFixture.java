// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.Answers.Answer;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.Verdict;
import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A ledger with one store and one claimed partition, and short words for what tests do with them. */
abstract class LedgerFixture {
    static final int PARTITION = 0;
    static final int SMALL = 10;
    static final StoreSettings UNBOUND = settings(null, -1, -1);

    Ledger ledger;
    long incarnation;
    long epoch;
    Account account;
    Store store;
    private int ids;

    /** Opens the storage of this test; again, after a close, the same. */
    abstract Ledger open() throws Exception;

    @BeforeEach
    void begin() throws Exception {
        ledger = open();
        claim();
        account = await(ledger.directory().account("admin", true));
        store = newStore(settings("main", -1, -1));
    }

    @AfterEach
    void end() {
        ledger.close();
    }

    void reopen() throws Exception {
        ledger.close();
        ledger = open();
        claim();
    }

    void claim() {
        incarnation = await(ledger.claims().join(node("node")));
        epoch = await(ledger.claims().claim(incarnation, List.of(PARTITION))).get(PARTITION);
    }

    static Claims.Node node(String name) {
        return new Claims.Node(name, "127.0.0.1:5701", "http://127.0.0.1:8080");
    }

    static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(LedgerException.class);
            throw (LedgerException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    static StoreSettings settings(String name, long quotaRecords, long quotaBytes) {
        return new StoreSettings(name, null, 0, quotaRecords, quotaBytes, "FOLLOW_USER_SETTING");
    }

    String newId() {
        return String.format("id%015d", ++ids);
    }

    Store newStore(StoreSettings settings) {
        return await(ledger.directory().createStore(new NewStore(newId(), account, settings, ledger.now()), null))
                .value();
    }

    Store fresh(Store of) {
        return await(ledger.directory().storeById(of.id()));
    }

    Store fresh() {
        return fresh(store);
    }

    RecordKey key(String text) {
        return new RecordKey(store.space(), utf8(text));
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Value text(String text) {
        return new Value.Inline(utf8(text));
    }

    Entry entry(Value value) {
        long now = ledger.now();
        return new Entry(value, "text/plain", Entry.PENDING, now, now, Entry.NEVER);
    }

    Entry entry(String value) {
        return entry(text(value));
    }

    Entry load(RecordKey key) {
        return await(ledger.records().load(List.of(key))).get(0);
    }

    static String string(Entry entry) {
        return entry == null ? null : new String(((Value.Inline) entry.value()).bytes(), StandardCharsets.UTF_8);
    }

    Step step(Entry before, Entry after, Answer answer) {
        long now = ledger.now();
        Change change = after == null
                ? new Change.Deleted("delete", now)
                : before == null ? new Change.Created(after, "put", now) : new Change.Updated(after, "put", now);
        return new Step(change, 7, answer);
    }

    /** From the state {@code base}, null for absent, through {@code states}, null for a deletion each. */
    RecordCommit chain(RecordKey key, Entry base, Entry... states) {
        var steps = new ArrayList<Step>();
        Entry before = base;
        for (Entry state : states) {
            steps.add(step(before, state, null));
            before = state;
        }
        return record(key, base, before, steps);
    }

    RecordCommit answered(RecordKey key, Entry base, Entry next, Answer answer) {
        return record(key, base, next, List.of(step(base, next, answer)));
    }

    RecordCommit record(RecordKey key, Entry base, Entry next, List<Step> steps) {
        return new RecordCommit(
                key,
                PARTITION,
                epoch,
                base == null ? Entry.PENDING : base.version(),
                base == null ? 0 : base.value().size(),
                next,
                steps);
    }

    CommitResult commit(RecordCommit... records) {
        return commit(null, records);
    }

    CommitResult commit(String batch, RecordCommit... records) {
        return await(ledger.records().commit(new Commit(Arrays.asList(records), List.of(), batch)));
    }

    Verdict verdict(RecordCommit record) {
        return commit(record).records().get(0);
    }

    /** Puts a value where whatever is there is known from a look; answers the version. */
    long put(RecordKey key, Value value) {
        Committed committed = (Committed) verdict(chain(key, load(key), entry(value)));
        return committed.firstPosition();
    }

    long put(RecordKey key, String value) {
        return put(key, text(value));
    }

    long put(String key, String value) {
        return put(key(key), value);
    }

    long delete(RecordKey key) {
        return ((Committed) verdict(chain(key, load(key), (Entry) null))).firstPosition();
    }

    List<LogEntry> history(String key) {
        return history(key, Long.MAX_VALUE, 100);
    }

    List<LogEntry> history(String key, long before, int limit) {
        return await(ledger.log().history(store.number(), utf8(key), before, limit));
    }

    static List<Long> positions(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::position).toList();
    }

    static List<ChangeLog.Kind> kinds(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::kind).toList();
    }

    void trimAll() {
        while (await(ledger.log().trim(Long.MAX_VALUE, Long.MAX_VALUE)) > 0) {
            // A share at a time.
        }
    }

    void sweepSpaces() {
        while (await(ledger.directory().sweepSpaces(SMALL)) > 0) {
            // A share at a time.
        }
    }

    static Answer answer(String key, int part, String content) {
        return new Answer(1, key, part, new byte[] {1, 2}, 0, content == null ? null : utf8(content), 1_000);
    }

    static byte[] random(int bytes) {
        byte[] value = new byte[bytes];
        new Random(bytes).nextBytes(value);
        return value;
    }

    /** A payload with these bytes that nobody has bound yet. */
    Value.Stored upload(byte[] bytes) {
        long id = await(ledger.payloads().begin());
        int index = 0;
        for (int from = 0; from < bytes.length; from += Payloads.CHUNK_BYTES) {
            int to = Math.min(bytes.length, from + Payloads.CHUNK_BYTES);
            await(ledger.payloads().append(id, index++, Arrays.copyOfRange(bytes, from, to)));
        }
        return new Value.Stored(id, bytes.length);
    }

    byte[] download(Value.Stored value) {
        byte[] bytes = new byte[(int) value.size()];
        int at = 0;
        for (int index = 0; at < bytes.length; index++) {
            byte[] chunk = await(ledger.payloads().read(value.id(), index));
            System.arraycopy(chunk, 0, bytes, at, chunk.length);
            at += chunk.length;
        }
        return bytes;
    }

    static Map<Long, Directory.Use> use(long store, long reads, long accessedAt) {
        return Collections.singletonMap(store, new Directory.Use(reads, 2, 3, 4, accessedAt));
    }
}
