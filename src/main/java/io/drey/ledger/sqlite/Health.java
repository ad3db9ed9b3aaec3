// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException;

/** Whether the ledger can work: closed and broken are for good, full passes. Read by any thread. */
final class Health {
    private volatile boolean closed;
    private volatile boolean full;
    private volatile String trouble;

    void close() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    /** What was read or confirmed can no longer be believed; the first reason stays. */
    synchronized void breakDown(String reason) {
        if (trouble == null) {
            trouble = reason;
        }
    }

    boolean isBroken() {
        return trouble != null;
    }

    void setFull(boolean isFull) {
        full = isFull;
    }

    boolean isFull() {
        return full;
    }

    /** In plain words, null when all is well. */
    String trouble() {
        if (trouble != null) {
            return trouble;
        }
        return full ? "the disk is full: only what removes something is done until there is room again" : null;
    }

    /** Why nothing can be done now, null when something can. */
    LedgerException refusal() {
        if (trouble != null) {
            return new LedgerException.Unavailable(trouble, null);
        }
        return closed ? new LedgerException.Unavailable("the ledger is closed", null) : null;
    }
}
