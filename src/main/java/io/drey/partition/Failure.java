// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

/**
 * Why a command got no outcome. {@link Kind} says what the caller may believe; the message is for whoever sent the
 * request. Costs no stack trace.
 */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public Failure(Kind kind, String message) {
        super(message, null, false, false);
        this.kind = kind;
    }

    /** What is remembered may not be true any more. */
    public static Failure leaseLost() {
        return new Failure(
                Kind.UNAVAILABLE, "This node has not reached the durable store for too long to answer from memory.");
    }

    public Kind kind() {
        return kind;
    }

    /** What is certain. */
    public enum Kind {
        /** Nothing happened and nothing will. */
        UNAVAILABLE,
        /** Nothing happened and nothing will: there is no room. */
        FULL,
        /** It may have happened. */
        UNKNOWN,
        /** Nothing happened: the space is no longer that of a store; look the store up again. */
        SPACE_CLOSED,
        /** Nothing happened: the node that was asked does not own the key; another may. */
        MOVED,
        /** Nothing happened: another request with the same idempotency key came first; look its answer up. */
        ALREADY_ANSWERED
    }
}
