// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.faults.PostgresServer;
import io.drey.ledger.Answers;
import io.drey.ledger.ChangeLog;
import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.ledger.Claims.Node;
import io.drey.ledger.Commit;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.SpaceClosed;
import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.Cleared;
import io.drey.ledger.Directory.Dependent;
import io.drey.ledger.Directory.Made;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.NewToken;
import io.drey.ledger.Directory.NoStore;
import io.drey.ledger.Directory.Once;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreDeletion;
import io.drey.ledger.Directory.StoreListing;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.Updated;
import io.drey.ledger.Directory.Use;
import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException.AlreadyAnswered;
import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.LedgerException.Unknown;
import io.drey.ledger.Marks;
import io.drey.ledger.Marks.Mark;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two nodes change one directory at the same time, as two ledgers on one database. */
class PostgresDirectoryRacesIT {
    private static final int ROUNDS = 30;

    private static PostgresServer server;
    private static int databases;

    private Ledger one;
    private Ledger two;
    private long incarnationOfOne;
    private long incarnationOfTwo;
    private Account account;
    private int ids;

    @BeforeAll
    static void startServer() {
        server = new PostgresServer().with("fsync", "off").start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void open() {
        String database = "races" + ++databases;
        server.createDatabase(database);
        var config = new PostgresConfig(server.url(database), Durability.FSYNC, 3_000, 2);
        one = Postgres.open(config);
        two = Postgres.open(config);
        incarnationOfOne = await(one.claims().join(new Node("one", "127.0.0.1:1", "http://127.0.0.1:1")));
        incarnationOfTwo = await(two.claims().join(new Node("two", "127.0.0.1:2", "http://127.0.0.1:2")));
        account = await(one.directory().account("admin", true));
    }

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    @Test
    void accountsAndSecretsAreMadeOnceByTwoAtOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            String name = "name" + i;
            assertThat(atOnce(ledger -> ledger.directory().account(name, true)).distinct())
                    .hasSize(1);
            var secrets = atOnce(ledger -> ledger.directory().secret(name, 32));
            assertThat(secrets.first()).hasSize(32).isEqualTo(secrets.second());
        }
    }

    @Test
    void storeOfOneNameIsMadeOnceByTwoAtOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            String name = "shop" + i;
            var made = atOnce(ledger -> ledger.directory().createStore(wanted(name), null));
            assertThat(made.first().value()).isEqualTo(made.second().value());
            assertThat(made.first().created()).isNotEqualTo(made.second().created());
        }
        assertThat(await(one.log().read(0, 0, 1_000, false)))
                .hasSize(ROUNDS)
                .allMatch(entry -> entry.kind() == Kind.STORE_CREATED);
    }

    @Test
    void answersToRacingCreationsTellOfTheOneStore() {
        for (int i = 0; i < ROUNDS; i++) {
            String name = "shop" + i;
            String key = "key" + i + "-";
            var made = atOnce(ledger -> ledger.directory()
                    .createStore(wanted(name), once(key + ledger.equals(one), PostgresDirectoryRacesIT::words)));
            assertThat(made.first().value().number())
                    .isEqualTo(made.second().value().number());
            assertThat(made.first().created()).isNotEqualTo(made.second().created());
            assertThat(answer(key + true)).isEqualTo(words(made.first()));
            assertThat(answer(key + false)).isEqualTo(words(made.second()));
            assertThat(await(two.directory().storeByName(account.number(), name)))
                    .isEqualTo(made.first().value());
        }
    }

    @Test
    void oneIdempotencyKeyMakesOneStore() {
        for (int i = 0; i < ROUNDS; i++) {
            String key = "key" + i;
            var outcomes = atOnce(ledger -> ledger.directory()
                    .createStore(wanted(null), once(key, PostgresDirectoryRacesIT::words))
                    .handle((made, failure) -> {
                        assertThat(failure == null || failure instanceof AlreadyAnswered)
                                .isTrue();
                        return made == null ? "answered" : words(made);
                    }));
            assertThat(outcomes.list()).contains("answered").contains(answer(key));
        }
        assertThat(await(one.directory().stores(new StoreListing(account.number(), 0, 100, false, true, "", null)))
                        .total())
                .isEqualTo(ROUNDS);
    }

    /** Each record that was acknowledged is counted by exactly one emptying, or is still there at the end. */
    @Test
    void emptyingCountsEachAcknowledgedRecordOnce() {
        Store store = made("main");
        long epoch = await(one.claims().claim(incarnationOfOne, List.of(0))).get(0);
        var clearings = new ArrayList<CompletionStage<Cleared>>();
        long acknowledged = 0;
        for (int i = 0; i < 300; i++) {
            if (i % 30 == 29) {
                clearings.add(two.directory()
                        .clearStore(
                                store.number(), two.now(), once("clear" + i, PostgresDirectoryRacesIT::count), null));
            }
            var verdict = put(new RecordKey(store.space(), bytes("key" + i)), epoch);
            acknowledged += verdict instanceof Committed ? 1 : 0;
            if (verdict instanceof SpaceClosed) {
                store = await(one.directory().storeById(store.id()));
            }
        }
        long removed = 0;
        for (var clearing : clearings) {
            removed += await(clearing).records();
        }
        long left = await(one.directory().storeById(store.id())).records();
        assertThat(removed + left).isEqualTo(acknowledged);
        var told = await(one.log().read(store.number(), 0, 1_000, false)).stream()
                .filter(entry -> entry.kind() == Kind.STORE_CLEARED)
                .toList();
        assertThat(told).hasSize(clearings.size());
        assertThat(told.stream().mapToLong(entry -> entry.records()).sum()).isEqualTo(removed);
        for (int i = 29; i < 300; i += 30) {
            var kept = await(one.answers().find(1, "clear" + i, Answers.WHOLE));
            var entry = told.stream()
                    .filter(each -> each.position() == kept.version())
                    .findFirst()
                    .orElseThrow();
            assertThat(text(kept.content())).isEqualTo("" + entry.records());
        }
    }

    @Test
    void twoEmptyingsAtOnceAreOneAfterTheOther() {
        Store store = made("main");
        long epoch = await(one.claims().claim(incarnationOfOne, List.of(0))).get(0);
        for (int i = 0; i < ROUNDS; i++) {
            var key = new RecordKey(store.space(), bytes("a"));
            assertThat(put(key, epoch)).isInstanceOf(Committed.class);
            String name = "clear" + i + "-";
            var cleared = atOnce(ledger -> ledger.directory()
                    .clearStore(
                            1, ledger.now(), once(name + ledger.equals(one), PostgresDirectoryRacesIT::count), null));
            assertThat(cleared.first().records() + cleared.second().records()).isEqualTo(1);
            assertThat(answer(name + true)).isEqualTo("" + cleared.first().records());
            assertThat(answer(name + false)).isEqualTo("" + cleared.second().records());
            store = await(two.directory().storeById(store.id()));
            assertThat(store.space())
                    .isEqualTo(Math.max(
                            cleared.first().store().space(),
                            cleared.second().store().space()));
            assertThat(await(one.log().history(store.number(), bytes("a"), Long.MAX_VALUE, 100)))
                    .hasSize(2 * i + 2);
        }
    }

    @Test
    void markIsSeenByAllAndTakenAwayByItsChange() {
        Store store = made("main");
        var mark = new Mark(Marks.store(store.number()), incarnationOfOne);
        assertThat(await(one.marks().put(mark))).isTrue();
        assertThat(await(two.directory().storeById(store.id())).marked()).isTrue();
        assertThat(await(two.marks().put(new Mark(mark.subject(), incarnationOfTwo))))
                .isFalse();
        var updated =
                (Updated) await(one.directory().updateStore(store.number(), settings("other"), one.now(), null, mark));
        assertThat(updated.store().marked()).isFalse();
        assertThat(await(two.directory().storeByName(account.number(), "other")).marked())
                .isFalse();
        assertThat(await(two.marks().put(new Mark(mark.subject(), incarnationOfTwo))))
                .isTrue();
    }

    @Test
    void changeWhoseMarkWasTakenAwayIsRefused() {
        Store store = made("main");
        var token = new NewToken("t1", bytes("hash"), "name", account, "[]", 1, 0);
        await(one.directory().createToken(token, null));
        var mark = new Mark(Marks.store(store.number()), incarnationOfOne);
        var tokenMark = new Mark(Marks.token("t1"), incarnationOfOne);
        assertThat(await(one.marks().put(mark))).isTrue();
        assertThat(await(one.marks().put(tokenMark))).isTrue();
        assertThat(await(two.directory().tokenByHash(bytes("hash"))).marked()).isTrue();
        // The other node takes this one for dead, ends it, and sets marks of its own.
        long counter = await(two.claims().renew(incarnationOfTwo)).members().stream()
                .filter(member -> member.incarnation() == incarnationOfOne)
                .findFirst()
                .orElseThrow()
                .counter();
        assertThat(await(two.claims().end(incarnationOfOne, counter))).isTrue();
        assertThat(await(two.marks().put(new Mark(mark.subject(), incarnationOfTwo))))
                .isTrue();
        assertThat(await(two.marks().put(new Mark(tokenMark.subject(), incarnationOfTwo))))
                .isTrue();
        var directory = one.directory();
        var cleared = PostgresDirectoryRacesIT.<Cleared>once("k1", result -> "never");
        assertUnavailable(directory.clearStore(store.number(), 1, null, mark));
        assertUnavailable(directory.clearStore(store.number(), 1, cleared, mark));
        assertUnavailable(directory.updateStore(store.number(), settings("other"), 1, null, mark));
        assertUnavailable(directory.deleteStore(store.number(), true, 1, null, mark));
        assertUnavailable(directory.deleteToken(account.number(), "t1", null, tokenMark));
        assertThat(await(one.answers().find(1, "k1", Answers.WHOLE))).isNull();
        var unchanged = await(two.directory().storeById(store.id()));
        assertThat(unchanged.space()).isEqualTo(store.space());
        assertThat(unchanged.settings()).isEqualTo(store.settings());
        assertThat(await(two.directory().tokens(account.number()))).hasSize(1);
        var own = new Mark(mark.subject(), incarnationOfTwo);
        assertThat(await(two.directory().deleteStore(store.number(), true, 1, null, own)))
                .isNotInstanceOf(NoStore.class);
    }

    @Test
    void answerTellsOfTheOutcomeThatCameToBe() {
        for (int i = 0; i < ROUNDS; i++) {
            Store store = made("shop" + i);
            String key = "key" + i;
            var deletion = one.directory()
                    .deleteStore(store.number(), false, 1, once(key, PostgresDirectoryRacesIT::name), null);
            var dependent =
                    two.directory().putDependent(store.number(), new Dependent("report", null, null, "manual"), null);
            Boolean put = await(dependent);
            StoreDeletion outcome = await(deletion);
            assertThat(name(outcome)).isEqualTo(put == null ? "Deleted" : "HasDependents");
            assertThat(answer(key)).isEqualTo(name(outcome));
            assertThat(await(one.directory().storeById(store.id())) == null).isEqualTo(put == null);
        }
    }

    @Test
    void renamingToOneNameHappensOnce() {
        for (int i = 0; i < ROUNDS; i++) {
            var stores = Map.of(one, made(null), two, made(null));
            String name = "wanted" + i;
            String key = "key" + i + "-";
            var updates = atOnce(ledger -> ledger.directory()
                    .updateStore(
                            stores.get(ledger).number(),
                            settings(name),
                            1,
                            once(key + ledger.equals(one), PostgresDirectoryRacesIT::name),
                            null));
            assertThat(List.of(name(updates.first()), name(updates.second())))
                    .containsExactlyInAnyOrder("Updated", "NameTaken");
            assertThat(answer(key + true)).isEqualTo(name(updates.first()));
            assertThat(answer(key + false)).isEqualTo(name(updates.second()));
        }
    }

    @Test
    void countersOfUseFromTwoNodesAddUp() {
        Store first = made(null);
        Store second = made(null);
        for (int i = 0; i < ROUNDS; i++) {
            var use = Map.of(first.number(), new Use(1, 2, 3, 4, i), second.number(), new Use(5, 6, 7, 8, i));
            atOnce(ledger -> ledger.directory().addUse(use));
        }
        assertThat(await(one.directory().storeById(first.id())).use().lists()).isEqualTo(2 * ROUNDS * 4);
        assertThat(await(two.directory().storeById(second.id())).use().reads()).isEqualTo(2 * ROUNDS * 5);
    }

    @Test
    void sweepsOfTwoNodesRemoveEverythingOnce() {
        Store store = made("main");
        long epoch = await(one.claims().claim(incarnationOfOne, List.of(0))).get(0);
        for (int i = 0; i < 40; i++) {
            put(new RecordKey(store.space(), bytes("key" + i)), epoch);
            long upload = await(one.payloads().begin());
            await(one.payloads().append(upload, 0, new byte[10]));
            await(one.payloads().abandon(upload));
        }
        await(two.directory().clearStore(store.number(), two.now(), null, null));
        assertThat(sum(ledger -> ledger.directory().sweepSpaces(10))).isEqualTo(40);
        assertThat(sum(ledger -> ledger.payloads().sweep(10))).isBetween(40, 80);
        int logged = await(one.log().read(0, 0, 1_000, false)).size();
        assertThat(sum(ledger -> ledger.log().trim(Long.MAX_VALUE, Long.MAX_VALUE)))
                .isEqualTo(logged - 1);
    }

    @Test
    void operationsAreFoundBehindAPosition() {
        Store store = made("main");
        long epoch = await(one.claims().claim(incarnationOfOne, List.of(0))).get(0);
        var first = (Committed) put(new RecordKey(store.space(), bytes("a")), epoch, 71);
        var second = (Committed) put(new RecordKey(store.space(), bytes("b")), epoch, 72);
        assertThat(await(two.log().positions(List.of(71L, 72L, 73L), 0)))
                .containsOnly(Map.entry(71L, first.firstPosition()), Map.entry(72L, second.firstPosition()));
        assertThat(await(two.log().positions(List.of(71L, 72L), first.firstPosition())))
                .containsOnlyKeys(72L);
        assertThat(await(two.log().positions(List.of(), 0))).isEmpty();
    }

    @Test
    void operationsOfWhichTheLogNoLongerTellsAreUnknown() {
        Store store = made("main");
        long epoch = await(one.claims().claim(incarnationOfOne, List.of(0))).get(0);
        var first = (Committed) put(new RecordKey(store.space(), bytes("a")), epoch, 71);
        long second = ((Committed) put(new RecordKey(store.space(), bytes("b")), epoch, 72)).firstPosition();
        sum(ledger -> ledger.log().trim(Long.MAX_VALUE, Long.MAX_VALUE));
        assertUnknown(two.log().positions(List.of(71L, 72L), first.firstPosition() - 1));
        assertThat(await(two.log().positions(List.of(72L), 0))).containsOnlyKeys(72L);
        assertThat(await(two.log().positions(List.of(71L, 72L), first.firstPosition())))
                .containsOnlyKeys(72L);
        await(one.directory().deleteStore(store.number(), true, 1, null, null));
        sum(ledger -> ledger.directory().sweepSpaces(10));
        assertUnknown(two.log().positions(List.of(72L), first.firstPosition()));
        assertThat(await(two.log().positions(List.of(73L), second))).isEmpty();
    }

    /** As after a failover that lost commits: the positions between may have been given out once. */
    @Test
    void historyAndTrimmingGoThroughAJump() throws Exception {
        Store store = made("main");
        long epoch = await(one.claims().claim(incarnationOfOne, List.of(0))).get(0);
        var key = new RecordKey(store.space(), bytes("a"));
        long before = ((Committed) put(key, epoch)).firstPosition();
        try (var connection = server.connect("races" + databases);
                var statement = connection.createStatement()) {
            statement.execute("insert into drey.jump values (" + before + ", " + (before + 1_001) + ")");
            statement.execute("update drey.turn set position = " + (before + 1_000));
        }
        assertThat(await(one.log().range())).isEqualTo(new ChangeLog.Range(1, before + 1_000));
        var cleared = await(one.directory().clearStore(store.number(), one.now(), null, null));
        assertThat(cleared.version()).isEqualTo(before + 1_001);
        assertThat(positions(await(two.log().history(store.number(), key.bytes(), Long.MAX_VALUE, 10))))
                .containsExactly(cleared.version(), before);
        assertThat(positions(await(two.log().read(store.number(), before - 1, 10, false))))
                .containsExactly(before, cleared.version());
        sum(ledger -> ledger.log().trim(Long.MAX_VALUE, Long.MAX_VALUE));
        assertThat(await(one.log().range())).isEqualTo(new ChangeLog.Range(cleared.version(), cleared.version()));
    }

    @Test
    void anyCharacterIsKeptAndLookedFor() {
        String odd = "nul \0, \u0001, snow \u2603, clef \uD834\uDD1E";
        var settings = new StoreSettings("main", odd, 0, -1, -1, null);
        Store store = await(one.directory().createStore(new NewStore("A1", account, settings, 1), null))
                .value();
        assertThat(store.settings().title()).isEqualTo(odd);
        var dependent = new Dependent(odd, odd, odd, "manual");
        await(one.directory().putDependent(store.number(), dependent, null));
        assertThat(await(two.directory().dependents(store.number()))).containsExactly(dependent);
        assertThat(await(two.directory().deleteDependent(store.number(), odd, null)))
                .isTrue();
        var token = new NewToken("t1", bytes("hash"), odd, account, "[]", 1, 0);
        await(one.directory().createToken(token, null));
        assertThat(await(two.directory().tokenByHash(bytes("hash"))).name()).isEqualTo(odd);
        assertThat(await(two.directory().storeById("A\0001"))).isNull();
        assertThat(await(two.directory().storeByName(account.number(), "main\0")))
                .isNull();
        assertThat(await(two.directory().account("admin\0", false))).isNull();
        assertThat(await(two.directory().deleteToken(account.number(), "t1\0", null, null)))
                .isFalse();
        var listing = new StoreListing(account.number(), 0, 10, false, true, "m\0", List.of("A1", "A\0001"));
        assertThat(await(two.directory().stores(listing)).items()).isEmpty();
    }

    private Store made(String name) {
        return await(one.directory().createStore(wanted(name), null)).value();
    }

    private synchronized NewStore wanted(String name) {
        return new NewStore(String.format("id%015d", ++ids), account, settings(name), 1_000);
    }

    private static StoreSettings settings(String name) {
        return new StoreSettings(name, null, 0, -1, -1, "RESTRICTED");
    }

    private static List<Long> positions(List<LogEntry> entries) {
        return entries.stream().map(LogEntry::position).toList();
    }

    private Object put(RecordKey key, long epoch) {
        return put(key, epoch, 1);
    }

    private Object put(RecordKey key, long epoch, long operation) {
        long now = one.now();
        var next = new Entry(new Value.Inline(bytes("value")), "text/plain", Entry.PENDING, now, now, Entry.NEVER);
        var step = new Step(new Change.Created(next, "put", now), operation, null);
        var record = new RecordCommit(key, 0, epoch, Entry.PENDING, 0, next, List.of(step));
        return await(one.records().commit(new Commit(List.of(record), List.of(), null)))
                .records()
                .get(0);
    }

    private static <T> Once<T> once(String key, Function<T, String> content) {
        return new Once<>(1, key, new byte[] {1}, 5, result -> bytes(content.apply(result)));
    }

    private String answer(String key) {
        return text(await(two.answers().find(1, key, Answers.WHOLE)).content());
    }

    private static String words(Made<Store> made) {
        return made.created() + " " + made.value().number() + " " + made.value().space();
    }

    private static String count(Cleared cleared) {
        return "" + cleared.records();
    }

    private static String name(Object result) {
        return result.getClass().getSimpleName();
    }

    private <T> Pair<T> atOnce(Function<Ledger, CompletionStage<T>> call) {
        var first = call.apply(one);
        var second = call.apply(two);
        return new Pair<>(await(first), await(second));
    }

    /** Both go on until neither finds anything more. */
    private int sum(Function<Ledger, CompletionStage<Integer>> share) {
        int sum = 0;
        while (true) {
            var removed = atOnce(share);
            if (removed.first() + removed.second() == 0) {
                return sum;
            }
            sum += removed.first() + removed.second();
        }
    }

    private static void assertUnavailable(CompletionStage<?> stage) {
        // As whoever waits for the stage itself sees it: nothing is wrapped around it.
        assertThat(await(stage.<Throwable>handle((result, failure) -> failure))).isInstanceOf(Unavailable.class);
    }

    private static void assertUnknown(CompletionStage<?> stage) {
        assertThat(await(stage.<Throwable>handle((result, failure) -> failure))).isInstanceOf(Unknown.class);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static <T> T await(CompletionStage<T> stage) {
        try {
            return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw new AssertionError(e);
        } catch (InterruptedException | TimeoutException e) {
            throw new AssertionError(e);
        }
    }

    /** What the two nodes were answered. */
    private record Pair<T>(T first, T second) {
        List<T> list() {
            var list = new ArrayList<T>();
            list.add(first);
            list.add(second);
            return list;
        }

        List<T> distinct() {
            return list().stream().distinct().toList();
        }
    }
}
