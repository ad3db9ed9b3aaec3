// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.Commit.Guard;
import io.drey.ledger.CommitResult.AlreadyAnswered;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.OverQuota;
import io.drey.ledger.CommitResult.PayloadGone;
import io.drey.ledger.CommitResult.SpaceClosed;
import io.drey.ledger.CommitResult.Stale;
import io.drey.ledger.CommitResult.Together;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What a commit does, and what it refuses without a trace. */
abstract class CommitContract extends LedgerFixture {
    @Test
    void whatWasCommittedIsLoaded() {
        var entry = new Entry(text("one"), "text/plain", Entry.PENDING, 11, 12, 13_000_000_000_000L);
        var committed = (Committed) verdict(chain(key("a"), null, entry));
        Entry loaded = load(key("a"));
        assertThat(string(loaded)).isEqualTo("one");
        assertThat(loaded.withValue(null)).isEqualTo(entry.withValue(null).withVersion(committed.firstPosition()));
    }

    @Test
    void loadAnswersInOrderWithNullForAbsentKeys() {
        put("a", "1");
        put("c", "3");
        var loaded = await(ledger.records().load(List.of(key("c"), key("b"), key("a"), key("c"))));
        assertThat(loaded.stream().map(LedgerFixture::string)).containsExactly("3", null, "1", "3");
    }

    @Test
    void emptyValuesAndStrangeKeysAreKept() {
        var strange = new RecordKey(store.space(), new byte[] {0, -1, 0, 127, -128});
        put(strange, "");
        put("a", "");
        assertThat(load(strange).value().size()).isZero();
        assertThat(string(load(key("a")))).isEmpty();
    }

    @Test
    void createOfAPresentKeyIsStale() {
        long version = put("a", "1");
        assertThat(verdict(chain(key("a"), null, entry("2")))).isEqualTo(new Stale());
        assertThat(load(key("a")).version()).isEqualTo(version);
        assertThat(history("a")).hasSize(1);
    }

    @Test
    void updateOfAnotherVersionIsStale() {
        put("a", "1");
        Entry old = load(key("a"));
        put("a", "2");
        assertThat(verdict(chain(key("a"), old, entry("3")))).isEqualTo(new Stale());
        assertThat(string(load(key("a")))).isEqualTo("2");
    }

    @Test
    void updateOfAnAbsentKeyIsStaleAndDoesNotBringItBack() {
        put("a", "1");
        Entry old = load(key("a"));
        delete(key("a"));
        assertThat(verdict(chain(key("a"), old, entry("3")))).isEqualTo(new Stale());
        assertThat(load(key("a"))).isNull();
        assertThat(fresh().records()).isZero();
    }

    @Test
    void deletionOfAnotherVersionIsStale() {
        put("a", "1");
        Entry old = load(key("a"));
        put("a", "2");
        assertThat(verdict(chain(key("a"), old, (Entry) null))).isEqualTo(new Stale());
        assertThat(fresh().records()).isEqualTo(1);
    }

    @Test
    void chainFromAbsentToAbsentOverAPresentKeyIsStale() {
        put("a", "1");
        assertThat(verdict(chain(key("a"), null, entry("2"), null))).isEqualTo(new Stale());
        assertThat(string(load(key("a")))).isEqualTo("1");
    }

    @Test
    void positionsAreGivenInOrderWithoutGaps() {
        long last = put("z", "0");
        var result = commit(
                chain(key("a"), null, entry("1"), entry("2"), entry("3")),
                chain(key("z"), null, entry("9")),
                chain(key("b"), null, entry("4")));
        assertThat(((Committed) result.records().get(0)).firstPosition()).isEqualTo(last + 1);
        assertThat(result.records().get(1)).isEqualTo(new Stale());
        assertThat(((Committed) result.records().get(2)).firstPosition()).isEqualTo(last + 4);
        assertThat(load(key("a")).version()).isEqualTo(last + 3);
    }

    @Test
    void chainThroughDeletionTellsWhatReadersSawBefore() {
        long base = put("a", "0");
        var committed = (Committed) verdict(chain(key("a"), load(key("a")), entry("1"), null, entry("2"), entry("3")));
        long first = committed.firstPosition();
        var entries = history("a");
        assertThat(positions(entries)).containsExactly(first + 3, first + 2, first + 1, first, base);
        assertThat(entries.stream().map(ChangeLog.LogEntry::previousVersion))
                .containsExactly(first + 2, 0L, first, base, 0L);
        assertThat(string(load(key("a")))).isEqualTo("3");
    }

    @Test
    void chainThatEndsAbsentLeavesNoRecordButItsHistory() {
        verdict(chain(key("a"), null, entry("1"), null));
        assertThat(load(key("a"))).isNull();
        assertThat(history("a")).hasSize(2);
        assertThat(fresh().records()).isZero();
        assertThat(fresh().bytes()).isZero();
    }

    @Test
    void refusedRecordsDoNotHinderOthers() {
        put("a", "1");
        var result = commit(chain(key("a"), null, entry("2")), chain(key("b"), null, entry("2")));
        assertThat(result.records().get(0)).isEqualTo(new Stale());
        assertThat(result.records().get(1)).isInstanceOf(Committed.class);
        assertThat(fresh().records()).isEqualTo(2);
    }

    @Test
    void atomicBatchIsCommittedWholeUnderItsName() {
        commit("batch-1", chain(key("a"), null, entry("1")), chain(key("b"), null, entry("2")));
        assertThat(history("a").get(0).batch()).isEqualTo("batch-1");
        assertThat(history("b").get(0).batch()).isEqualTo("batch-1");
    }

    @Test
    void atomicBatchIsRefusedWhole() {
        long last = put("b", "0");
        var result = commit(
                "batch-1",
                chain(key("a"), null, entry("1")),
                chain(key("b"), null, entry("2")),
                chain(key("c"), null, entry("3")));
        assertThat(result.records()).containsExactly(new Together(), new Stale(), new Together());
        assertThat(load(key("a"))).isNull();
        assertThat(load(key("c"))).isNull();
        assertThat(history("a")).isEmpty();
        assertThat(fresh().records()).isEqualTo(1);
        assertThat(put("d", "1")).isEqualTo(last + 1);
    }

    @Test
    void atomicBatchWhoseGuardsStandIsCommitted() {
        var result = await(ledger.records().commit(guarded(claimed(5), claimed(6))));
        assertThat(result.records()).hasSize(2).allMatch(Committed.class::isInstance);
    }

    @Test
    void atomicBatchWhoseGuardFellIsRefusedWhole() {
        var stands = claimed(5);
        var old = claimed(6);
        claimed(6);
        assertRefusedWhole(guarded(stands, old));
        await(ledger.claims().release(incarnation, List.of(5)));
        assertRefusedWhole(guarded(stands));
        assertRefusedWhole(guarded(new Guard(99, epoch)));
        long last = put("c", "1");
        assertThat(put("c", "2")).isEqualTo(last + 1);
    }

    private Guard claimed(int partition) {
        return new Guard(
                partition,
                await(ledger.claims().claim(incarnation, List.of(partition))).get(partition));
    }

    private Commit guarded(Guard... guards) {
        var records = List.of(chain(key("a"), null, entry("1")), chain(key("b"), null, entry("2")));
        return new Commit(records, List.of(answer("k", 0, "done")), "batch-1", List.of(guards));
    }

    private void assertRefusedWhole(Commit commit) {
        var result = await(ledger.records().commit(commit));
        assertThat(result.records()).containsExactly(new Stale(), new Together());
        assertThat(result.answers()).containsExactly(false);
        assertThat(load(key("a"))).isNull();
        assertThat(load(key("b"))).isNull();
        assertThat(await(ledger.answers().find(1, "k", 0))).isNull();
    }

    @Test
    void atomicBatchWithAnAnswerGivenBeforeIsRefusedWhole() {
        await(ledger.answers().remember(answer("k", 0, "first")));
        var commit = new Commit(
                List.of(chain(key("a"), null, entry("1")), chain(key("b"), null, entry("2"))),
                List.of(answer("k", 0, "second")),
                "batch-1");
        var result = await(ledger.records().commit(commit));
        assertThat(result.records()).containsExactly(new AlreadyAnswered(), new Together());
        assertThat(load(key("b"))).isNull();
    }

    @Test
    void commitToASpaceThatWasClearedIsRefused() {
        put("a", "1");
        Entry old = load(key("a"));
        await(ledger.directory().clearStore(store.number(), ledger.now(), null, null));
        assertThat(verdict(chain(key("a"), old, entry("2")))).isEqualTo(new SpaceClosed());
        assertThat(load(key("a"))).isNull();
    }

    @Test
    void commitToADeletedStoreIsRefused() {
        await(ledger.directory().deleteStore(store.number(), false, ledger.now(), null, null));
        assertThat(verdict(chain(key("a"), null, entry("2")))).isEqualTo(new SpaceClosed());
    }

    @Test
    void countsFollowEveryPath() {
        put("a", "12345");
        put("b", "123");
        assertThat(fresh().bytes()).isEqualTo(8);
        put("a", "1");
        assertThat(fresh().bytes()).isEqualTo(4);
        delete(key("b"));
        assertThat(fresh().records()).isEqualTo(1);
        assertThat(fresh().bytes()).isEqualTo(1);
        var expiry = new Commit.Step(new Change.Expired(ledger.now()), 1, null);
        verdict(record(key("a"), load(key("a")), null, List.of(expiry)));
        assertThat(fresh().records()).isZero();
        assertThat(fresh().bytes()).isZero();
        assertThat(kinds(history("a")).get(0)).isEqualTo(ChangeLog.Kind.EXPIRED);
    }

    @Test
    void commitMovesTheModificationTimeOfItsStore() {
        long now = ledger.now() + 5_000;
        var step = new Commit.Step(new Change.Created(entry("1"), "put", now), 1, null);
        verdict(record(key("a"), null, entry("1"), List.of(step)));
        assertThat(fresh().modifiedAt()).isEqualTo(now);
    }

    @Test
    void recordsOverQuotaAreRefusedWithinOneCommitToo() {
        store = newStore(settings("small", 2, -1));
        var result = commit(
                chain(key("a"), null, entry("1")),
                chain(key("b"), null, entry("2")),
                chain(key("c"), null, entry("3")));
        assertThat(result.records().get(2)).isEqualTo(new OverQuota("records", 2, 3));
        assertThat(load(key("c"))).isNull();
        put("a", "a longer value");
        delete(key("b"));
        assertThat(put("c", "3")).isPositive();
    }

    @Test
    void bytesOverQuotaAreRefusedButShrinkingNever() {
        store = newStore(settings("small", -1, 10));
        put("a", "1234567890");
        assertThat(verdict(chain(key("b"), null, entry("1")))).isEqualTo(new OverQuota("bytes", 10, 11));
        await(ledger.directory().updateStore(store.number(), settings("small", 0, 1), ledger.now(), null, null));
        assertThat(put("a", "12345")).isPositive();
    }

    @Test
    void staleIsToldBeforeQuota() {
        store = newStore(settings("small", -1, 10));
        put("a", "12345");
        assertThat(verdict(chain(key("a"), null, entry("1234567890")))).isEqualTo(new Stale());
    }

    @Test
    void answerOfAStepBearsItsPosition() {
        var committed = (Committed) verdict(answered(key("a"), null, entry("1"), answer("k", 3, "done")));
        var kept = await(ledger.answers().find(1, "k", 3));
        assertThat(kept.version()).isEqualTo(committed.firstPosition());
        assertThat(kept.content()).isEqualTo(utf8("done"));
        assertThat(kept.fingerprint()).isEqualTo(new byte[] {1, 2});
    }

    @Test
    void changeWhoseAnswerWasGivenBeforeIsRefused() {
        verdict(answered(key("a"), null, entry("1"), answer("k", 0, "first")));
        assertThat(verdict(answered(key("b"), null, entry("2"), answer("k", 0, "second"))))
                .isEqualTo(new AlreadyAnswered());
        assertThat(load(key("b"))).isNull();
        assertThat(await(ledger.answers().find(1, "k", 0)).content()).isEqualTo(utf8("first"));
    }

    @Test
    void twoChangesOfOneCommitCannotShareAnAnswer() {
        var result = commit(
                answered(key("a"), null, entry("1"), answer("k", 0, "first")),
                answered(key("b"), null, entry("2"), answer("k", 0, "second")));
        assertThat(result.records().get(0)).isInstanceOf(Committed.class);
        assertThat(result.records().get(1)).isEqualTo(new AlreadyAnswered());
    }

    @Test
    void answersWithoutAChangeAreKeptOnce() {
        var commit = new Commit(List.of(), List.of(answer("k", 0, "first"), answer("k", 0, "second")), null);
        assertThat(await(ledger.records().commit(commit)).answers()).containsExactly(true, false);
        assertThat(await(ledger.answers().find(1, "k", 0)).content()).isEqualTo(utf8("first"));
    }

    @Test
    void payloadThatDoesNotExistIsGone() {
        assertThat(verdict(chain(key("a"), null, entry(new Value.Stored(12_345, 100)))))
                .isEqualTo(new PayloadGone());
        var upload = upload(random(1_000));
        assertThat(verdict(chain(key("a"), null, entry(new Value.Stored(upload.id(), 999)))))
                .isEqualTo(new PayloadGone());
        assertThat(load(key("a"))).isNull();
    }

    /** Random chains, right and wrong, against a map; counts, versions and values must agree throughout. */
    @Test
    void randomCommitsDoWhatAMapDoes() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        System.out.println("drey.seed=" + seed);
        var random = new Random(seed);
        Map<String, Entry> model = new HashMap<>();
        for (int round = 0; round < 300; round++) {
            String name = "k" + random.nextInt(12);
            Entry base = model.get(name);
            boolean wrong = random.nextInt(5) == 0;
            Entry claimed = wrong ? entry("wrong").withVersion(1_000_000 + round) : base;
            var states = new Entry[1 + random.nextInt(3)];
            for (int i = 0; i < states.length; i++) {
                states[i] = random.nextInt(3) == 0 ? null : entry("v".repeat(random.nextInt(200)));
            }
            var verdict = verdict(chain(key(name), claimed, states));
            if (wrong) {
                assertThat(verdict).isEqualTo(new Stale());
                continue;
            }
            long version = ((Committed) verdict).firstPosition() + states.length - 1;
            Entry last = states[states.length - 1];
            model.put(name, last == null ? null : last.withVersion(version));
        }
        model.values().removeIf(entry -> entry == null);
        model.forEach((name, entry) -> {
            assertThat(load(key(name)).version()).isEqualTo(entry.version());
            assertThat(string(load(key(name)))).isEqualTo(string(entry));
        });
        assertThat(fresh().records()).isEqualTo(model.size());
        assertThat(fresh().bytes())
                .isEqualTo(model.values().stream()
                        .mapToLong(entry -> entry.value().size())
                        .sum());
    }
}
