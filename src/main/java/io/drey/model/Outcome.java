// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The answer to an operation, expected refusals included. An outcome is made before its change is committed, so the
 * version that it names is filled in afterwards by {@link #at}.
 */
public sealed interface Outcome {
    /** This outcome, naming {@code version} as that of the state it saw or made. */
    Outcome at(long version);

    /**
     * The operation did what it says, or found nothing to do.
     *
     * @param entry the record afterwards, null when absent
     * @param created whether this operation brought the record into being
     * @param changed whether anything changed
     */
    record Done(Entry entry, boolean created, boolean changed, Detail detail) implements Outcome {
        @Override
        public Done at(long version) {
            return entry == null ? this : new Done(entry.withVersion(version), created, changed, detail);
        }
    }

    record NotFound() implements Outcome {
        @Override
        public NotFound at(long version) {
            return this;
        }
    }

    /** {@code version} of the record now, or null when absent. */
    record PreconditionFailed(Long version) implements Outcome {
        @Override
        public PreconditionFailed at(long newVersion) {
            return version == null ? this : new PreconditionFailed(newVersion);
        }
    }

    /** {@code found} and {@code expected} are JSON type names or {@code bytes}; {@code expected} null for any JSON. */
    record WrongType(String found, String expected) implements Outcome {
        @Override
        public WrongType at(long version) {
            return this;
        }
    }

    record PatchFailed(String detail) implements Outcome {
        @Override
        public PatchFailed at(long version) {
            return this;
        }
    }

    /** {@code what} was too large, in the words of the answer's text. */
    record TooLarge(String what, long limit, long actual) implements Outcome {
        @Override
        public TooLarge at(long version) {
            return this;
        }
    }

    /** The arguments and the present value together leave the bounds, for example an exponent. */
    record OutOfBounds(String detail) implements Outcome {
        @Override
        public OutOfBounds at(long version) {
            return this;
        }
    }

    /** What some operations tell beside the record. */
    sealed interface Detail {
        Detail NONE = new Nothing();

        record Nothing() implements Detail {}

        record Applied(boolean applied) implements Detail {}

        record Popped(JsonNode element) implements Detail {}

        /** What a delete took away, null when nothing was there. */
        record Removed(Entry entry) implements Detail {}
    }
}
