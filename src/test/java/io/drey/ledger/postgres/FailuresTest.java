// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.LedgerException.AlreadyAnswered;
import io.drey.ledger.LedgerException.Full;
import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.LedgerException.Unknown;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import org.junit.jupiter.api.Test;

/** Which failures prove that nothing happened. */
class FailuresTest {
    @Test
    void lostConnectionLeavesAWriteOpenButNoRead() {
        assertThat(Failures.meaning(ClosedConnectionException.INSTANCE, true)).isInstanceOf(Unknown.class);
        assertThat(Failures.meaning(ClosedConnectionException.INSTANCE, false)).isInstanceOf(Unavailable.class);
    }

    @Test
    void errorProvesThatNothingHappened() {
        assertThat(meaning("ERROR", "55P03")).isInstanceOf(Unavailable.class);
        assertThat(meaning("ERROR", "25006")).isInstanceOf(Unavailable.class);
        assertThat(meaning("ERROR", "42P01")).isInstanceOf(Unavailable.class);
        assertThat(meaning("ERROR", "DR001")).isInstanceOf(Unavailable.class);
        assertThat(meaning("ERROR", "DR002")).isInstanceOf(AlreadyAnswered.class);
        assertThat(meaning("ERROR", "DR003")).isInstanceOf(Unavailable.class);
        assertThat(meaning("ERROR", "25001")).isInstanceOf(Unavailable.class);
    }

    @Test
    void endOfTheSessionProvesNothing() {
        assertThat(meaning("FATAL", "57P01")).isInstanceOf(Unknown.class);
        assertThat(meaning("PANIC", "53100")).isInstanceOf(Unknown.class);
        // Words for the severity follow the language of the server.
        assertThat(meaning("FATALE", "57P02")).isInstanceOf(Unknown.class);
    }

    @Test
    void timeOutAndFullDiskProveSomethingOnlyWithinAFunction() {
        assertThat(meaning("ERROR", "57014")).isInstanceOf(Unknown.class);
        assertThat(meaning("ERROR", "53100")).isInstanceOf(Unknown.class);
        assertThat(within("57014")).isInstanceOf(Unavailable.class);
        assertThat(within("53100")).isInstanceOf(Full.class);
    }

    private static Exception within(String state) {
        String where = "PL/pgSQL function drey.take_turn(text) line 5";
        String none = null;
        var error = new PgException(
                "words", "ERROR", state, none, none, none, none, none, where, none, none, none, none, none, none, none,
                none);
        return Failures.meaning(error, true);
    }

    private static Exception meaning(String severity, String state) {
        return Failures.meaning(new PgException("words", severity, state, null), true);
    }
}
