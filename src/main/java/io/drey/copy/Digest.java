// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import io.drey.ledger.tables.Rows;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How many rows there were, and the sum of a hash of each; the same in any order. */
final class Digest implements Rows.Visitor {
    private static final byte NULL = 0;
    private static final byte NUMBER = 1;
    private static final byte TEXT = 2;
    private static final byte BYTES = 3;

    private final MessageDigest hash;
    private final ByteBuffer head = ByteBuffer.allocate(1 + Long.BYTES);
    private long rows;
    private long bytes;
    private long sum;

    Digest() {
        try {
            hash = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public void row(Object[] row) {
        for (Object value : row) {
            add(value);
        }
        sum += ByteBuffer.wrap(hash.digest()).getLong();
        rows++;
    }

    long rows() {
        return rows;
    }

    /** Of the values, about. */
    long bytes() {
        return bytes;
    }

    boolean isSame(Digest other) {
        return rows == other.rows && sum == other.sum;
    }

    private void add(Object value) {
        if (value instanceof Long number) {
            add(NUMBER, number);
        } else if (value instanceof String text) {
            add(TEXT, text.getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof byte[] content) {
            add(BYTES, content);
        } else {
            add(NULL, 0);
        }
    }

    private void add(byte kind, byte... content) {
        add(kind, (long) content.length);
        hash.update(content);
        bytes += content.length;
    }

    private void add(byte kind, long number) {
        hash.update(head.clear().put(kind).putLong(number).flip());
        bytes += head.capacity();
    }
}
