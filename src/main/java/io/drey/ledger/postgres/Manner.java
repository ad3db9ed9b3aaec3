// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

/**
 * How calls over one kind of connection behave.
 *
 * @param writes whether a lost answer leaves it open what happened
 * @param depth most calls sent and not yet answered
 * @param waitingMax most calls not yet sent
 * @param lockMillis how long the server waits for a lock
 * @param statementMillis how long the server works on one call
 * @param patienceMillis how long a call waits to be sent, and then, once those before it are answered, for its own
 *     answer before the connection is given up
 */
record Manner(boolean writes, int depth, int waitingMax, long lockMillis, long statementMillis, long patienceMillis) {
    // The server gives up before the client does, since its refusal is certain and a lost answer is not.
    static final Manner READ = new Manner(false, 64, 20_000, 1_500, 2_000, 2_500);
    static final Manner PAGE = new Manner(false, 2, 2_000, 1_500, 10_000, 12_000);
    static final Manner COMMIT = new Manner(true, 4, 1_000, 3_000, 4_000, 5_000);
    static final Manner WRITE = new Manner(true, 8, 5_000, 3_000, 4_000, 5_000);
    static final Manner RENEW = new Manner(true, 2, 10, 800, 1_000, 1_200);
    static final Manner UPLOAD = new Manner(true, 8, 5_000, 3_000, 15_000, 17_000);
    static final Manner BACKGROUND = new Manner(true, 8, 5_000, 3_000, 15_000, 17_000);

    /** Whether its statements look up a few rows each. */
    boolean isShort() {
        return this != PAGE;
    }
}
