// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;

/**
 * Names one record: the space it lives in and the UTF-8 bytes of its key.
 *
 * <p>A space is one generation of a store. Emptying a store gives it a new space, so that everything that still names
 * the old one is refused or found absent. Keys order by their bytes, unsigned. The array is shared, never changed.
 */
public final class RecordKey implements Comparable<RecordKey> {
    private static final Comparator<byte[]> BYTE_ORDER = Arrays::compareUnsigned;

    private final long space;
    private final byte[] bytes;
    private final int hash;

    public RecordKey(long space, byte[] bytes) {
        this.space = space;
        this.bytes = bytes;
        this.hash = spread(Arrays.hashCode(bytes) * 31 + Long.hashCode(space));
    }

    public long space() {
        return space;
    }

    public byte[] bytes() {
        return bytes;
    }

    /** The partition of this key among {@code count}; the same on every node and in every version of Drey. */
    public int partition(int count) {
        return Integer.remainderUnsigned(hash, count);
    }

    public String text() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public int compareTo(RecordKey other) {
        return space != other.space ? Long.compare(space, other.space) : BYTE_ORDER.compare(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RecordKey that
                && hash == that.hash
                && space == that.space
                && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return space + "/" + text();
    }

    /** The finalizer of MurmurHash3, so that near keys spread over partitions and buckets. */
    private static int spread(int h) {
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ (h >>> 16);
    }
}
