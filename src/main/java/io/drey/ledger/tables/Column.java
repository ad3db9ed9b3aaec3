// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.tables;

/** One column of a {@link Table}; any may hold null. */
public record Column(String name, Kind kind) {
    /** What it holds. */
    public enum Kind {
        /** A {@link Long}; what is true or false is 1 or 0. */
        NUMBER,
        /** A {@link String}. */
        TEXT,
        /** A {@code byte[]}. */
        BYTES
    }

    static Column number(String name) {
        return new Column(name, Kind.NUMBER);
    }

    static Column text(String name) {
        return new Column(name, Kind.TEXT);
    }

    static Column bytes(String name) {
        return new Column(name, Kind.BYTES);
    }
}
