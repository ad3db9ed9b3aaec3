// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/** The bytes of a record: held here, or named where the ledger keeps them in chunks. */
public sealed interface Value {
    /** Length in bytes. */
    long size();

    /** Bytes in memory. The array is shared with whoever reads the record and is never changed. */
    record Inline(byte[] bytes) implements Value {
        @Override
        public long size() {
            return bytes.length;
        }
    }

    /** A large value that the ledger keeps in chunks under {@code id}. */
    record Stored(long id, long size) implements Value {}
}
