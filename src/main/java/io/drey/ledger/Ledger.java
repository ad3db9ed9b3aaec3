// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

/**
 * The durable truth: what this says was committed is what happened, whatever nodes remember.
 *
 * <p>Every call returns at once. A stage completes on a thread of the ledger, which its dependents must not block, and
 * fails with a {@link LedgerException} alone. All calls are safe from any thread.
 */
public interface Ledger extends AutoCloseable {
    /**
     * Whether other nodes may work on it at the same time. Then what is remembered of it may be believed only under a
     * lease, that is for a time after a renewal.
     */
    boolean isShared();

    /** Who owns which partition. */
    Claims claims();

    /** What is about to change and must not be remembered. */
    Marks marks();

    /** The records themselves. */
    Records records();

    /** The bytes of large values. */
    Payloads payloads();

    /** What happened, in order. */
    ChangeLog log();

    /** Answers given to requests that bore an idempotency key. */
    Answers answers();

    /** Accounts, stores, dependents and tokens. */
    Directory directory();

    /**
     * Milliseconds since 1970 UTC as the ledger counts them: carried on by elapsed time and never backwards, so that
     * neither expiry nor the order of times follows a wall clock that jumps.
     */
    long now();

    LedgerStatus status();

    /** Ends every call under way, writes back what is buffered and releases files and connections. Blocks. */
    @Override
    void close();
}
