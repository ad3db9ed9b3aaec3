// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException;
import io.drey.ledger.LedgerException.AlreadyAnswered;
import io.drey.ledger.LedgerException.Full;
import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.LedgerException.Unknown;
import io.vertx.pgclient.PgException;

/** Tells what a failure of a call means: whether it certainly did not happen, or whether nobody knows. */
final class Failures {
    private static final String OTHER_SERVER = "DR001";

    private static final String ANSWERED = "DR002";
    private static final String MARK_GONE = "DR003";
    private static final String LOG_GONE = "DR005";
    private static final String DISK_FULL = "53100";
    private static final String READ_ONLY = "25006";
    private static final String LOCK_TIMEOUT = "55P03";
    private static final String CANCELED = "57014";

    private Failures() {}

    /** Of a call that was sent. */
    static LedgerException meaning(Throwable failure, boolean writes) {
        if (failure instanceof LedgerException known) {
            return known;
        }
        if (!(failure instanceof PgException error)) {
            return lost(failure, writes);
        }
        String state = error.getSqlState() == null ? "" : error.getSqlState();
        if (isFatal(error, state) || writes && isDoubtful(error, state)) {
            return lost(failure, writes);
        }
        return switch (state) {
            case ANSWERED -> new AlreadyAnswered();
            case OTHER_SERVER -> otherServer(failure);
            case MARK_GONE -> new Unavailable("the change was overtaken by another; try again", failure);
            case LOG_GONE -> new Unknown("the log no longer tells whether it happened", failure);
            case DISK_FULL -> new Full("the disk of the database is full", failure);
            case READ_ONLY -> new Unavailable("the database is read-only", failure);
            case LOCK_TIMEOUT -> new Unavailable("the database is busy: a lock was not to be had in time", failure);
            case CANCELED -> new Unavailable("the database is busy: it did not finish in time", failure);
            default -> new Unavailable("the database refused the call: " + words(error), failure);
        };
    }

    /** The connection went while an answer was awaited. */
    static LedgerException lost(Throwable failure, boolean writes) {
        return writes
                ? new Unknown("the connection to the database was lost; the call may have happened", failure)
                : new Unavailable("the connection to the database was lost", failure);
    }

    /** The call was meant for a server that is not there any more, and did not happen. */
    static Unavailable otherServer(Throwable failure) {
        return new Unavailable("the database was restarted or failed over; try again", failure);
    }

    /** Whether the connection may go on: it was the server that refused the call, and it is the one that was meant. */
    static boolean isOfTheCall(Throwable failure) {
        return failure instanceof PgException error && !OTHER_SERVER.equals(error.getSqlState());
    }

    static String words(Throwable failure) {
        if (failure instanceof PgException error) {
            return error.getErrorMessage() + " (" + error.getSqlState() + ")";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message.replace('\n', ' ');
    }

    /** Whether it may have struck after the commit, or while that was written: then no function was under way. */
    private static boolean isDoubtful(PgException error, String state) {
        return (state.equals(CANCELED) || state.equals(DISK_FULL)) && error.getWhere() == null;
    }

    /** Whether it ended the session, perhaps while it was committing: only an ERROR proves that nothing happened. */
    private static boolean isFatal(PgException error, String state) {
        return "FATAL".equals(error.getSeverity())
                || "PANIC".equals(error.getSeverity())
                || state.length() < 2
                || state.startsWith("57P")
                || state.startsWith("08")
                || state.startsWith("58")
                || state.startsWith("XX");
    }
}
