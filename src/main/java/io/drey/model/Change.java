// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * What happened to one record, as the log keeps it and subscribers see it.
 *
 * <p>{@code operation} is the name of what caused it, {@code time} is in milliseconds since 1970 UTC.
 */
public sealed interface Change {
    String operation();

    long time();

    /** The record after the change, null when the change took it away. */
    Entry entry();

    record Created(Entry entry, String operation, long time) implements Change {}

    record Updated(Entry entry, String operation, long time) implements Change {}

    record Deleted(String operation, long time) implements Change {
        @Override
        public Entry entry() {
            return null;
        }
    }

    record Expired(long time) implements Change {
        @Override
        public String operation() {
            return "expire";
        }

        @Override
        public Entry entry() {
            return null;
        }
    }
}
