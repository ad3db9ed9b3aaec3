// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.Stale;
import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.LedgerException.Unknown;
import io.drey.ledger.Marks.Mark;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Several nodes at one database, and a database that goes away and comes back. */
class PostgresRacesIT extends PostgresFixture {
    @Test
    void commitThatWaitedBehindAClaimIsStale() throws Exception {
        try (var other = turn()) {
            var waiting = ledger.records().commit(commit("a", epoch));
            await().until(() -> isBlocked("commit_records"));
            try (var claim = other.createStatement()) {
                claim.execute("select * from drey.claim_partitions(drey.server(), " + incarnation + ", '{" + PARTITION
                        + "}')");
            }
            other.commit();
            assertThat(get(waiting).records()).containsExactly(new Stale());
        }
        assertThat(get(ledger.records().load(List.of(key("a"))))).containsOnlyNulls();
    }

    @Test
    void commitOfAnEndedIncarnationIsStale() {
        var counter = get(ledger.claims().renew(incarnation)).members().get(0).counter();
        assertThat(get(ledger.claims().end(incarnation, counter - 1))).isFalse();
        assertThat(put("a", epoch)).isInstanceOf(Committed.class);
        assertThat(get(ledger.claims().end(incarnation, counter))).isTrue();
        assertThat(put("b", epoch)).isEqualTo(new Stale());
        assertThat(get(ledger.claims().end(incarnation, counter))).isTrue();
        var view = get(ledger.claims().renew(incarnation));
        assertThat(view.isLiving()).isFalse();
        assertThat(view.members()).isEmpty();
        assertThat(view.claims()).isEmpty();
        assertThat(get(ledger.claims().claim(incarnation, List.of(PARTITION)))).isEmpty();
        assertThat(claim(join("two"))).isGreaterThan(epoch);
    }

    @Test
    void renewalTellsHowThingsStandWithoutTheTurn() throws Exception {
        put("a", epoch);
        try (var other = turn()) {
            var view = get(ledger.claims().renew(incarnation));
            assertThat(view.isLiving()).isTrue();
            assertThat(view.members()).hasSize(1);
            assertThat(view.members().get(0).node()).isEqualTo(node("one"));
            assertThat(view.claims().get(PARTITION).epoch()).isEqualTo(epoch);
            assertThat(view.claims().get(PARTITION).incarnation()).isEqualTo(incarnation);
            assertThat(view.lastPosition()).isEqualTo(2);
            other.commit();
        }
    }

    /** Each waits for the turn as long as the server lets it, one after the other. */
    @Test
    void uploadsWaitForNoSweep() throws Exception {
        try (var other = turn()) {
            var sweep = ledger.payloads().sweep(1);
            long upload = get(ledger.payloads().begin());
            get(ledger.payloads().append(upload, 0, new byte[10]));
            assertThat(sweep.toCompletableFuture()).isNotDone();
            other.commit();
            assertThat(get(sweep)).isZero();
        }
    }

    @Test
    void uploadIsNotSweptAwayByANodeWhoseClockIsAhead() {
        long upload = get(ledger.payloads().begin());
        get(ledger.payloads().append(upload, 0, new byte[10]));
        var ahead = (PostgresLedger) open();
        ahead.database().clock().atLeast(ahead.now() + 7_200_000);
        assertThat(get(ahead.payloads().sweep(10))).isZero();
        get(ledger.payloads().append(upload, 1, new byte[10]));
    }

    @Test
    void clocksOfNodesFollowTheOneThatIsAheadMost() {
        var ahead = (PostgresLedger) open();
        long other = join("two");
        ahead.database().clock().atLeast(ahead.now() + 60_000);
        get(ahead.claims().renew(other));
        assertThat(ahead.now() - ledger.now()).isGreaterThan(50_000);
        get(ledger.claims().renew(incarnation));
        assertThat(ahead.now() - ledger.now()).isBetween(-1_000L, 1_000L);
        get(ledger.claims().renew(incarnation));
        assertThat(get(ledger.claims().end(other, 1))).isTrue();
        assertThat(ahead.now() - open().now()).isBetween(-1_000L, 1_000L);
    }

    @Test
    void transactionsWithOneSnapshotAreReadCommittedAllTheSame() throws Exception {
        execute("alter database " + database + " set default_transaction_isolation = 'repeatable read'");
        ledger = open();
        commitThatWaitedBehindAClaimIsStale();
        execute("drop schema drey cascade");
        ledger = open();
        assertThat(join("one")).isPositive();
        assertThatThrownBy(() -> execute("select drey.take_turn(drey.server())"))
                .hasMessageContaining("read committed");
        assertThatThrownBy(() -> execute("select drey.adopt(drey.identity(), 1)"))
                .hasMessageContaining("read committed");
    }

    /** The server says that the commit stands, though it may not have reached the standby, with a warning. */
    @Test
    void commitThatGaveUpToWaitForItsStandbyIsUnknown() throws Exception {
        execute("alter system set synchronous_standby_names = 'nobody'");
        execute("select pg_reload_conf()");
        try {
            var commit = ledger.records().commit(commit("a", epoch));
            var waits = "from pg_stat_activity where wait_event = 'SyncRep' and query like '%commit_records%'"
                    + " and datname = '" + database + "'";
            await().until(() -> number("select count(*) " + waits) == 1);
            execute("select pg_cancel_backend(pid) " + waits);
            assertThatThrownBy(() -> get(commit)).isInstanceOf(Unknown.class);
        } finally {
            execute("alter system reset synchronous_standby_names");
            execute("select pg_reload_conf()");
        }
        epoch = claim(incarnation);
        assertThat(get(ledger.records().load(List.of(key("a"))))).doesNotContainNull();
        assertThat(put("b", epoch)).isInstanceOf(Committed.class);
    }

    @Test
    void turnHeldTooLongIsUnavailableForAllAndNothingHappened() throws Exception {
        try (var other = turn()) {
            var commits = List.of(
                    ledger.records().commit(commit("a", epoch)),
                    ledger.records().commit(commit("b", epoch)),
                    ledger.records().commit(commit("c", epoch)));
            commits.forEach(each -> assertThatThrownBy(() -> get(each)).isInstanceOf(Unavailable.class));
            other.commit();
        }
        assertThat(get(ledger.records().load(List.of(key("a"), key("b"), key("c")))))
                .containsOnlyNulls();
        assertThat(put("a", epoch)).isInstanceOf(Committed.class);
    }

    @Test
    void commitsOfSeveralNodesAreNumberedWithoutGaps() {
        var second = open();
        long last = get(ledger.claims().renew(incarnation)).lastPosition();
        var commits = new ArrayList<CompletionStage<io.drey.ledger.CommitResult>>();
        for (int i = 0; i < 100; i++) {
            commits.add((i % 2 == 0 ? ledger : second).records().commit(commit("k" + i, epoch)));
        }
        var positions = new TreeSet<Long>();
        commits.forEach(each -> positions.add(((Committed) get(each).records().get(0)).firstPosition()));
        assertThat(positions).hasSize(100);
        assertThat(positions.first()).isEqualTo(last + 1);
        assertThat(positions.last()).isEqualTo(last + 100);
        assertThat(get(second.directory().storeById(store.id())).records()).isEqualTo(100);
    }

    @Test
    void markOfALivingNodeStandsAndThatOfAnEndedOneIsReplaced() {
        long other = join("two");
        assertThat(get(ledger.marks().put(new Mark("store:1", incarnation)))).isTrue();
        assertThat(get(ledger.marks().put(new Mark("store:1", other)))).isFalse();
        assertThat(get(ledger.claims().renew(other)).marks()).containsExactly("store:1");
        get(ledger.marks().remove(new Mark("store:1", other)));
        assertThat(get(ledger.claims().renew(other)).marks()).containsExactly("store:1");
        join("one");
        assertThat(get(ledger.marks().put(new Mark("store:1", other)))).isTrue();
        get(ledger.marks().remove(new Mark("store:1", other)));
        assertThat(get(ledger.claims().renew(other)).marks()).isEmpty();
    }

    /** Another identity in the turn is what a restore or a failover looks like: nothing of before goes on. */
    @Test
    void newIdentityEndsWhatWasAndNumbersGoOnFarAbove() throws Exception {
        var before = ((Committed) put("a", epoch)).firstPosition();
        execute("update drey.turn set identity = '1/00000001/20000101T000000.000000'");
        assertThatThrownBy(() -> put("b", epoch)).isInstanceOf(Unavailable.class);
        await().atMost(Duration.ofSeconds(20)).until(() -> !isLiving());
        assertThat(get(ledger.records().load(List.of(key("b"))))).containsOnlyNulls();
        assertThat(put("b", epoch)).isEqualTo(new Stale());
        long next = takenUp();
        assertThat(next).isGreaterThan(incarnation + (1L << 32));
        long newEpoch = claim(next);
        assertThat(newEpoch).isGreaterThan(epoch + (1L << 32));
        var after = ((Committed) put("b", newEpoch)).firstPosition();
        assertThat(after).isGreaterThan(before + (1L << 32)).isLessThan(1L << 53);
        assertThat(number("select count(*) from drey.jump where before = 2 and after = " + after))
                .isOne();
        assertThat(get(ledger.log().range()).last()).isEqualTo(after);
    }

    @Test
    void nothingIsClaimedForALeaseAfterANewIdentity() throws Exception {
        execute("update drey.turn set identity = '1/00000001/20000101T000000.000000'");
        takenUp();
        assertThat(number("select count(*) from drey.turn where clock_timestamp() >= claims_from"))
                .isOne();
    }

    @Test
    void restartedServerIsTakenUpWithoutOpeningAgain() {
        put("a", epoch);
        server.restart();
        long next = takenUp();
        assertThat(put("b", claim(next))).isInstanceOf(Committed.class);
        assertThat(get(ledger.records().load(List.of(key("a"))))).doesNotContainNull();
        assertThat(ledger.status().trouble()).isNull();
    }

    @Test
    void pausedServerMakesNobodyWaitForEver() {
        server.pause();
        try {
            var commit = ledger.records().commit(commit("a", epoch));
            var load = ledger.records().load(List.of(key("a")));
            long begin = System.nanoTime();
            assertThatThrownBy(() -> get(load)).isInstanceOf(Unavailable.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
            assertThatThrownBy(() -> get(commit)).isInstanceOf(Unknown.class);
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(8));
            assertThat(ledger.status().reachable()).isFalse();
        } finally {
            server.resume();
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> ledger.status().reachable());
        assertThat(get(ledger.claims().renew(incarnation)).isLiving()).isTrue();
        assertThat(get(ledger.records().load(List.of(key("z"))))).containsOnlyNulls();
        epoch = claim(incarnation);
        assertThat(put("b", epoch)).isInstanceOf(Committed.class);
    }

    @Test
    void readOnlyServerIsUnavailableForWrites() {
        server.readOnly(true);
        try {
            assertThatThrownBy(() -> put("a", epoch))
                    .isInstanceOf(Unavailable.class)
                    .hasMessageContaining("read-only");
            assertThat(get(ledger.records().load(List.of(key("a"))))).containsOnlyNulls();
        } finally {
            server.readOnly(false);
        }
        assertThat(put("a", epoch)).isInstanceOf(Committed.class);
    }
}
