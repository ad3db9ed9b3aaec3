// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.model.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The log, history and trimming. */
abstract class ChangeLogContract extends LedgerFixture {
    @Test
    void entryTellsTheWholeChange() {
        long first = put("a", "one");
        long second = put("a", "three");
        LogEntry entry = await(ledger.log().find(store.number(), utf8("a"), second));
        assertThat(entry.kind()).isEqualTo(Kind.UPDATED);
        assertThat(entry.store()).isEqualTo(store.number());
        assertThat(entry.key()).isEqualTo(utf8("a"));
        assertThat(entry.previousVersion()).isEqualTo(first);
        assertThat(entry.operation()).isEqualTo("put");
        assertThat(entry.size()).isEqualTo(5);
        assertThat(entry.contentType()).isEqualTo("text/plain");
        assertThat(((Value.Inline) entry.value()).bytes()).isEqualTo(utf8("three"));
        assertThat(entry.batch()).isNull();
    }

    @Test
    void deletionHasNoValueAndNoSize() {
        put("a", "one");
        delete(key("a"));
        LogEntry entry = history("a").get(0);
        assertThat(entry.kind()).isEqualTo(Kind.DELETED);
        assertThat(entry.size()).isEqualTo(-1);
        assertThat(entry.value()).isNull();
        assertThat(entry.contentType()).isNull();
    }

    @Test
    void versionOfAnotherKeyIsNotFound() {
        long version = put("a", "1");
        assertThat(await(ledger.log().find(store.number(), utf8("b"), version))).isNull();
        assertThat(await(ledger.log().find(store.number() + 1, utf8("a"), version)))
                .isNull();
        assertThat(await(ledger.log().find(store.number(), utf8("a"), version + 100)))
                .isNull();
    }

    @Test
    void historyGoesThroughDeletionAndRecreation() {
        long one = put("a", "1");
        put("b", "x");
        long two = delete(key("a"));
        assertThat(positions(history("a"))).containsExactly(two, one);
        put("b", "y");
        long three = put("a", "2");
        assertThat(positions(history("a"))).containsExactly(three, two, one);
        assertThat(history("a").get(0).previousVersion()).isZero();
        assertThat(kinds(history("a"))).containsExactly(Kind.CREATED, Kind.DELETED, Kind.CREATED);
    }

    @Test
    void historyIsPagedByVersion() {
        long one = put("a", "1");
        long two = put("a", "2");
        long three = put("a", "3");
        long four = put("a", "4");
        assertThat(positions(history("a", Long.MAX_VALUE, 2))).containsExactly(four, three);
        assertThat(positions(history("a", three, 2))).containsExactly(two, one);
        assertThat(positions(history("a", one, 2))).isEmpty();
        assertThat(positions(history("a", three + 1, 1))).containsExactly(three);
        long other = put("b", "x");
        long five = put("a", "5");
        assertThat(positions(history("a", other, 2))).containsExactly(four, three);
        assertThat(positions(history("a", five + 7, 2))).containsExactly(five, four);
    }

    @Test
    void historyTellsOfTheClearThatTookTheKeyAway() {
        long one = put("a", "1");
        long cleared = clear();
        assertThat(positions(history("a"))).containsExactly(cleared, one);
        LogEntry entry = history("a").get(0);
        assertThat(entry.kind()).isEqualTo(Kind.STORE_CLEARED);
        assertThat(entry.operation()).isEqualTo("clear");
        long two = put("a", "2");
        assertThat(positions(history("a"))).containsExactly(two, cleared, one);
        assertThat(history("a").get(0).previousVersion()).isZero();
        assertThat(positions(history("a", two, 1))).containsExactly(cleared);
        assertThat(positions(history("a", cleared, 5))).containsExactly(one);
        sweepSpaces();
        assertThat(positions(history("a"))).containsExactly(two, cleared, one);
        assertThat(positions(history("a", cleared, 5))).containsExactly(one);
        assertThat(positions(history("a", two, 1))).containsExactly(cleared);
    }

    @Test
    void historyDoesNotTellOfAClearThatFoundTheKeyAbsent() {
        long one = put("a", "1");
        long two = delete(key("a"));
        clear();
        assertThat(positions(history("a"))).containsExactly(two, one);
        sweepSpaces();
        assertThat(positions(history("a"))).containsExactly(two, one);
        long three = put("a", "3");
        long cleared = clear();
        assertThat(positions(history("a"))).containsExactly(cleared, three, two, one);
        assertThat(history("never")).isEmpty();
    }

    @Test
    void historyOfManyClearsIsWhole() {
        var expected = new java.util.ArrayDeque<Long>();
        for (int i = 0; i < 5; i++) {
            expected.addFirst(put("a", "v" + i));
            expected.addFirst(clear());
            if (i % 2 == 0) {
                sweepSpaces();
            }
        }
        assertThat(positions(history("a"))).containsExactlyElementsOf(expected);
        long before = Long.MAX_VALUE;
        for (long position : expected) {
            assertThat(positions(history("a", before, 1))).containsExactly(position);
            before = position;
        }
        assertThat(history("a", before, 1)).isEmpty();
    }

    @Test
    void readAnswersInOrderAfterAPosition() {
        long one = put("a", "1");
        long two = put("b", "22");
        long three = put("a", "3");
        var all = await(ledger.log().read(0, one - 1, 10, true));
        assertThat(positions(all)).containsExactly(one, two, three);
        assertThat(((Value.Inline) all.get(1).value()).bytes()).isEqualTo(utf8("22"));
        assertThat(positions(await(ledger.log().read(0, one, 1, false)))).containsExactly(two);
        assertThat(await(ledger.log().read(0, one, 1, false)).get(0).value()).isNull();
        assertThat(await(ledger.log().read(0, three, 10, true))).isEmpty();
    }

    @Test
    void readOfOneStoreLeavesOutOthers() {
        long one = put("a", "1");
        var main = store;
        store = newStore(settings("other", -1, -1));
        long two = put("a", "2");
        var ofOther = await(ledger.log().read(store.number(), 0, 10, true));
        assertThat(kinds(ofOther)).containsExactly(Kind.STORE_CREATED, Kind.CREATED);
        assertThat(ofOther.get(1).position()).isEqualTo(two);
        var ofMain = await(ledger.log().read(main.number(), 0, 10, true));
        assertThat(ofMain.get(ofMain.size() - 1).position()).isEqualTo(one);
    }

    @Test
    void trimmingKeepsTheLastEntry() {
        put("a", "1");
        long last = put("a", "2");
        trimAll();
        var range = await(ledger.log().range());
        assertThat(range.first()).isEqualTo(last);
        assertThat(range.last()).isEqualTo(last);
        assertThat(positions(await(ledger.log().read(0, 0, 10, true)))).containsExactly(last);
        assertThat(await(ledger.log().trim(Long.MAX_VALUE, 0))).isZero();
        assertThat(put("a", "3")).isEqualTo(last + 1);
    }

    @Test
    void trimmingBySizeKeepsWhatFits() {
        for (int i = 0; i < 20; i++) {
            put("a", "v".repeat(10_000));
        }
        long last = await(ledger.log().range()).last();
        while (await(ledger.log().trim(0, 50_000)) > 0) {
            // A share at a time.
        }
        var kept = await(ledger.log().read(0, 0, 100, false));
        assertThat(kept).hasSizeBetween(4, 7);
        assertThat(kept.get(kept.size() - 1).position()).isEqualTo(last);
        assertThat(await(ledger.log().range()).first()).isEqualTo(kept.get(0).position());
    }

    @Test
    void trimmingByTimeLeavesTheYoung() {
        put("a", "1");
        assertThat(await(ledger.log().trim(ledger.now() - 3_600_000, Long.MAX_VALUE)))
                .isZero();
        assertThat(history("a")).hasSize(1);
    }

    @Test
    void historyOfTrimmedChangesEndsHonestly() {
        put("a", "1");
        long two = put("a", "2");
        put("b", "1");
        delete(key("b"));
        put("c", "1");
        trimAll();
        assertThat(history("a")).isEmpty();
        assertThat(history("b")).isEmpty();
        assertThat(await(ledger.log().find(store.number(), utf8("a"), two))).isNull();
        assertThat(load(key("a")).version()).isEqualTo(two);
        long three = put("a", "3");
        assertThat(positions(history("a"))).containsExactly(three);
        assertThat(history("a").get(0).previousVersion()).isEqualTo(two);
        long four = put("b", "2");
        assertThat(positions(history("b"))).containsExactly(four);
    }

    @Test
    void clearIsToldUntilItIsTrimmedItself() {
        put("a", "1");
        trimAll();
        long cleared = clear();
        trimAll();
        assertThat(positions(history("a"))).containsExactly(cleared);
        sweepSpaces();
        assertThat(positions(history("a"))).containsExactly(cleared);
        put("b", "1");
        trimAll();
        sweepSpaces();
        assertThat(history("a")).isEmpty();
    }

    @Test
    void deletedStoreIsToldOfByItsDeletionAlone() {
        put("a", "1");
        var main = store;
        await(ledger.directory().deleteStore(store.number(), false, ledger.now(), null, null));
        assertThat(history("a")).isEmpty();
        assertThat(kinds(await(ledger.log().read(main.number(), 0, 10, true)))).containsExactly(Kind.STORE_DELETED);
        assertThat(kinds(await(ledger.log().read(0, 0, 10, true)))).containsExactly(Kind.STORE_DELETED);
        sweepSpaces();
        assertThat(kinds(await(ledger.log().read(0, 0, 10, true)))).containsExactly(Kind.STORE_DELETED);
    }

    @Test
    void storeEventsAreLogged() {
        await(ledger.directory().updateStore(store.number(), settings("renamed", 5, 5), 77, null, null));
        put("a", "1");
        put("b", "1");
        clear();
        var entries = await(ledger.log().read(store.number(), 0, 10, true));
        assertThat(kinds(entries))
                .containsExactly(
                        Kind.STORE_CREATED, Kind.STORE_UPDATED, Kind.CREATED, Kind.CREATED, Kind.STORE_CLEARED);
        assertThat(entries.get(1).key()).isNull();
        assertThat(entries.get(1).time()).isEqualTo(77);
        assertThat(entries.get(4).records()).isEqualTo(2);
        assertThat(List.of(entries.get(0).operation(), entries.get(1).operation()))
                .containsExactly("create", "update");
    }

    private long clear() {
        var cleared = await(ledger.directory().clearStore(store.number(), ledger.now(), null, null));
        store = cleared.store();
        return cleared.version();
    }
}
