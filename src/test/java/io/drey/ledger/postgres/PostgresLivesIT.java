// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.Durability;
import io.drey.ledger.LedgerException.Unavailable;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What may have lost commits is another server, even without a start; and nothing goes back to an old one. */
class PostgresLivesIT extends PostgresFixture {
    private static final String NEW_IDENTITY = "update drey.turn set identity = '1/00000001/2000'";
    private static final List<String> RESTORED = List.of(
            "create table drey.turn_anew (like drey.turn including all)",
            "insert into drey.turn_anew select * from drey.turn",
            "alter table drey.turn rename to turn_of_before",
            "alter table drey.turn_anew rename to turn");

    @Override
    Durability durability() {
        return Durability.OS;
    }

    @Test
    void serverThatLostAProcessIsAnother() throws Exception {
        long before = ((Committed) put("a", epoch)).firstPosition();
        long payload = get(ledger.payloads().begin());
        get(ledger.payloads().append(payload, 0, new byte[10]));
        long started = started();
        killAProcess();
        long next = takenUp();
        assertThat(started()).isEqualTo(started);
        assertThat(next).isGreaterThan(incarnation + (1L << 32));
        assertThat(((Committed) put("b", claim(next))).firstPosition()).isGreaterThan(before + (1L << 32));
        assertThat(get(ledger.payloads().begin())).isGreaterThan(payload + (1 << 24));
    }

    /** Neither the oldest backup nor a clock makes a number be given twice: what goes on under it is refused. */
    @Test
    void uploadNeverGoesOnInAnother() throws Exception {
        long before = get(ledger.payloads().begin());
        get(ledger.payloads().append(before, 0, new byte[10]));
        execute("delete from drey.chunk; delete from drey.payload");
        execute("alter sequence drey.payload_id_seq restart");
        execute(NEW_IDENTITY);
        takenUp();
        long after = get(ledger.payloads().begin());
        assertThat(after >> 12)
                .isGreaterThan(number("select extract(epoch from now() - timestamptz '2026-01-01 00:00Z')") - 60);
        assertThat(after).isLessThan(1L << 43);
        get(ledger.payloads().append(after, 0, new byte[10]));
        assertThatThrownBy(() -> get(ledger.payloads().append(before, 1, new byte[10])))
                .isInstanceOf(Unavailable.class);
    }

    @Test
    void positionsGoOnFurtherWhenTheClockIsBehind() throws Exception {
        execute("update drey.turn set position = " + (1L << 52) + ", identity = '1/00000001/2000'");
        long next = takenUp();
        assertThat(((Committed) put("b", claim(next))).firstPosition()).isEqualTo((1L << 52) + (1 << 26) + 1);
    }

    /** Even the clock of the server may be wrong about how long ago it was taken up. */
    @Test
    void nothingIsClaimedForALeaseOfElapsedTime() throws Exception {
        long begin = System.nanoTime();
        execute(NEW_IDENTITY);
        await().atMost(Duration.ofSeconds(20)).until(() -> !isLiving());
        long next = join("one");
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            execute("update drey.turn set claims_from = '-infinity'");
            return !get(ledger.claims().claim(next, List.of(PARTITION))).isEmpty();
        });
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(Duration.ofMillis(LEASE_MILLIS + 500));
    }

    @Test
    void dumpThatIsRestoredIsAnotherServerAndOldConnectionsAreNotBelieved() throws Exception {
        put("a", epoch);
        long connections = number("select count(*)" + connectionsOf("clock_timestamp()"));
        assertThat(connections).isGreaterThan(7);
        execute("create table public.moment as select clock_timestamp() as at");
        restore();
        try (var other = server.connect(database)) {
            // A read is under way over an old connection when another connection finds the new server.
            other.setAutoCommit(false);
            other.createStatement().execute("lock table drey.record");
            var load = ledger.records().load(List.of(key("a")));
            await().until(() -> isBlocked("drey.record e"));
            assertThatThrownBy(() -> put("b", epoch)).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> get(load)).isInstanceOf(Unavailable.class).hasMessageContaining("was lost");
            other.rollback();
        }
        long next = takenUp();
        assertThat(put("b", claim(next))).isInstanceOf(Committed.class);
        await().until(() -> number("select count(*)" + connectionsOf("(select at from public.moment)")) == 0);
        await().until(() -> number("select count(*)" + connectionsOf("clock_timestamp()")) == connections);
    }

    @Test
    void serverThatWasLeftIsNotTakenUpAgain() throws Exception {
        restore();
        takenUp();
        execute("alter table drey.turn rename to turn_of_after; alter table drey.turn_of_before rename to turn");
        assertThatThrownBy(() -> put("a", epoch)).isInstanceOf(Unavailable.class);
        await().until(() ->
                ledger.status().trouble() != null && ledger.status().trouble().contains("was left for another"));
        execute("alter table drey.turn rename to turn_of_before; alter table drey.turn_of_after rename to turn");
        await().until(() -> ledger.status().reachable());
        assertThat(put("a", claim(join("one")))).isInstanceOf(Committed.class);
    }

    @Test
    void callThatWaitedForAServerThatIsGoneIsRefusedAtOnce() throws Exception {
        server.stop();
        await().until(() -> !ledger.status().reachable());
        var commits = List.of(
                ledger.records().commit(commit("a", epoch)), ledger.records().commit(commit("b", epoch)));
        var load = ledger.records().load(List.of(key("a")));
        server.start();
        commits.forEach(commit -> assertThatThrownBy(() -> get(commit))
                .isInstanceOf(Unavailable.class)
                .hasMessageContaining("restarted or failed over"));
        assertThat(get(load)).containsOnlyNulls();
        assertThat(put("a", claim(takenUp()))).isInstanceOf(Committed.class);
    }

    /** As a dump would: the same rows in a table that is another. */
    private void restore() throws SQLException {
        try (var connection = server.connect(database);
                var call = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String statement : RESTORED) {
                call.execute(statement);
            }
            connection.commit();
        }
    }

    private String connectionsOf(String before) {
        return " from pg_stat_activity where datname = '" + database + "' and application_name like 'vertx%'"
                + " and backend_start < " + before;
    }

    private long started() throws SQLException {
        return number("select extract(epoch from pg_postmaster_start_time()) * 1000000");
    }

    /** A server whose process was killed takes its shared memory for spoilt, and all of its processes begin anew. */
    private void killAProcess() throws SQLException {
        try (var victim = server.connect(database);
                var call = victim.createStatement();
                var found = call.executeQuery("select pg_backend_pid()")) {
            found.next();
            ProcessHandle.of(found.getLong(1)).orElseThrow().destroyForcibly();
        } catch (SQLException e) {
            // The session has ended with its process.
        }
        await().ignoreExceptions().until(() -> number("select 1") == 1);
    }
}
