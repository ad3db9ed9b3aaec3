// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The member names seen so far in one open object, kept as 128-bit hashes so that a name of any length costs 16 bytes
 * in an open-addressed table. Two names are mistaken for one only when all 128 bits agree. The hash is keyed by secrets
 * of this process, so that names cannot be prepared to make the table slow. Not safe for concurrent use.
 */
final class NameSet {
    static final long SEED_HIGH;
    static final long SEED_LOW;
    private static final long FACTOR_HIGH;
    private static final long FACTOR_LOW;
    private static final int SLOTS_AT_FIRST = 16;
    /** A table that has grown past this is dropped rather than wiped when the next object begins. */
    private static final int SLOTS_KEPT = 64;

    static {
        var random = new SecureRandom();
        SEED_HIGH = random.nextLong();
        SEED_LOW = random.nextLong();
        FACTOR_HIGH = random.nextLong() | 1;
        FACTOR_LOW = random.nextLong() | 1;
    }

    private long[] table = new long[2 * SLOTS_AT_FIRST];
    private int size;

    static long mixHigh(long hash, int unit) {
        long word = hash ^ unit;
        return Math.multiplyHigh(word, FACTOR_HIGH) ^ word * FACTOR_HIGH + unit;
    }

    static long mixLow(long hash, int unit) {
        return Long.rotateLeft((hash + unit) * FACTOR_LOW, 29);
    }

    void clear() {
        if (size == 0) {
            return;
        }
        size = 0;
        if (table.length > 2 * SLOTS_KEPT) {
            table = new long[2 * SLOTS_AT_FIRST];
            return;
        }
        Arrays.fill(table, 0);
    }

    /** Adds a name by its hash; false when it was there. */
    boolean add(long high, long low) {
        // A pair of zeros marks a free slot.
        long key = low == 0 ? 1 : low;
        if (!place(table, high, key)) {
            return false;
        }
        if (++size * 4 > table.length) {
            grow();
        }
        return true;
    }

    private void grow() {
        var larger = new long[table.length * 2];
        for (int i = 0; i < table.length; i += 2) {
            if (table[i + 1] != 0) {
                place(larger, table[i], table[i + 1]);
            }
        }
        table = larger;
    }

    private static boolean place(long[] table, long high, long low) {
        int mask = table.length - 1;
        int slot = (int) ((high ^ high >>> 32) << 1) & mask;
        while (table[slot + 1] != 0) {
            if (table[slot] == high && table[slot + 1] == low) {
                return false;
            }
            slot = slot + 2 & mask;
        }
        table[slot] = high;
        table[slot + 1] = low;
        return true;
    }
}
