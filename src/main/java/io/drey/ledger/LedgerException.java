// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

/** What the ledger could not do. The message is written for whoever sent the request. */
public abstract sealed class LedgerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** Nothing happened and nothing will: the ledger cannot be reached or refuses to work. */
    public static final class Unavailable extends LedgerException {
        private static final long serialVersionUID = 1L;

        public Unavailable(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Nothing happened and nothing will: there is no room. What only removes still works. */
    public static final class Full extends LedgerException {
        private static final long serialVersionUID = 1L;

        public Full(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** The answer to a commit was lost: it may have happened. */
    public static final class Unknown extends LedgerException {
        private static final long serialVersionUID = 1L;

        public Unknown(String message, Throwable cause) {
            super(message, cause);
        }
    }

    /** Another request with the same idempotency key was answered first; nothing happened. */
    public static final class AlreadyAnswered extends LedgerException {
        private static final long serialVersionUID = 1L;

        public AlreadyAnswered() {
            super("another request with this idempotency key was answered first", null);
        }
    }

    /** The ledger cannot be opened: what is wrong and what to do, in one line. */
    public static final class Unusable extends LedgerException {
        private static final long serialVersionUID = 1L;

        public Unusable(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
