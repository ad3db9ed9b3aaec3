// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordKeyTest {
    private static final int PARTITIONS = 271;

    private static RecordKey key(long space, String text) {
        return new RecordKey(space, text.getBytes(UTF_8));
    }

    @Test
    void keysOrderByTheirUnsignedBytesAndAPrefixComesFirst() {
        var ordered = List.of(
                key(1, ""),
                key(1, "\u0000"),
                key(1, "A"),
                key(1, "AA"),
                key(1, "B"),
                key(1, "a"),
                key(1, "\u007f"),
                key(1, "é"),
                key(1, "€"),
                key(1, "\uffff"),
                key(1, "😀"));
        var shuffled = new ArrayList<>(ordered);
        Collections.shuffle(shuffled, new Random(1));
        Collections.sort(shuffled);
        assertThat(shuffled).containsExactlyElementsOf(ordered);
    }

    @Test
    void spacesLieApart() {
        assertThat(key(1, "z")).isLessThan(key(2, "a"));
        assertThat(key(-1, "z")).isLessThan(key(0, "a"));
        assertThat(key(1, "a")).isNotEqualTo(key(2, "a"));
    }

    @Test
    void equalKeysAreThoseWithTheSameSpaceAndBytes() {
        assertThat(key(1, "a")).isEqualTo(key(1, "a")).hasSameHashCodeAs(key(1, "a"));
        assertThat(key(1, "a").compareTo(key(1, "a"))).isZero();
        assertThat(key(1, "a")).isNotEqualTo(key(1, "b"));
        // The same text to a reader, in two normal forms.
        assertThat(key(1, "é")).isNotEqualTo(key(1, "e\u0301"));
    }

    /** Nodes of two releases in one cluster must agree on who owns a key: these numbers may never change. */
    @ParameterizedTest
    @CsvSource({
        "1,a,18,12",
        "1,b,193,4",
        "1,user/42,221,14",
        "1,é,13,13",
        "2,a,132,10",
        "42,settings/theme,224,3",
        "9223372036854775807,a-much-longer-key/with/several/segments/0123456789,207,3",
        "0,'',204,11"
    })
    void partitionIsTheSameInEveryRelease(long space, String text, int of271, int of16) {
        assertThat(key(space, text).partition(PARTITIONS)).isEqualTo(of271);
        assertThat(key(space, text).partition(16)).isEqualTo(of16);
    }

    @Test
    void everyKeyHasItsPartitionWithinTheCount() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        var random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = new byte[1 + random.nextInt(40)];
            random.nextBytes(bytes);
            int count = 1 + random.nextInt(1_000);
            assertThat(new RecordKey(random.nextLong(), bytes).partition(count))
                    .as("-Ddrey.seed=%d", seed)
                    .isBetween(0, count - 1);
        }
    }

    @Test
    void keysThatDifferLittleSpreadOverAllPartitions() {
        assertSpread(i -> key(1, Integer.toString(i)));
        assertSpread(i -> key(1, String.format("user/%08d/profile", i)));
        assertSpread(i -> key(i, "settings"));
    }

    /** With 200 keys for each partition, 120 and 290 are more than five standard deviations away. */
    private static void assertSpread(IntFunction<RecordKey> keys) {
        int[] counts = new int[PARTITIONS];
        for (int i = 0; i < 200 * PARTITIONS; i++) {
            counts[keys.apply(i).partition(PARTITIONS)]++;
        }
        assertThat(Arrays.stream(counts).min().getAsInt()).isGreaterThan(120);
        assertThat(Arrays.stream(counts).max().getAsInt()).isLessThan(290);
    }
}
