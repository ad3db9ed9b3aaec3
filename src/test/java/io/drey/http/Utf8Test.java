// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "7F",
                "C280",
                "DFBF",
                "E0A080",
                "ED9FBF",
                "EE8080",
                "EFBFBF",
                "F0908080",
                "F48FBFBF",
                "61C3A962"
            })
    void textIsValid(String hex) {
        assertThat(Utf8.isValid(HexFormat.of().parseHex(hex))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "80",
                "BF",
                "C0AF",
                "C1BF",
                "C2",
                "C241",
                "E08080",
                "E09FBF",
                "E28C",
                "EDA080",
                "EDBFBF",
                "F08080AF",
                "F08FBFBF",
                "F4908080",
                "F5808080",
                "F0908041",
                "FE",
                "FF",
                "61FF"
            })
    void overlongSurrogateTooLargeAndBrokenSequencesAreRefused(String hex) {
        assertThat(Utf8.isValid(HexFormat.of().parseHex(hex))).isFalse();
        assertThat(Utf8.decode(HexFormat.of().parseHex(hex))).isNull();
    }

    @Test
    void agreesWithTheStrictDecoderOfThePlatform() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        var random = new Random(seed);
        var leads =
                new int[] {0x41, 0x80, 0xBF, 0xC1, 0xC2, 0xE0, 0xED, 0xEF, 0xF0, 0xF4, 0xF5, 0x9F, 0xA0, 0x8F, 0x90};
        for (int round = 0; round < 20_000; round++) {
            var bytes = new byte[random.nextInt(7)];
            for (int index = 0; index < bytes.length; index++) {
                bytes[index] = (byte) leads[random.nextInt(leads.length)];
            }
            assertThat(Utf8.isValid(bytes))
                    .as("drey.seed=%d %s", seed, HexFormat.of().formatHex(bytes))
                    .isEqualTo(isStrictlyDecodable(bytes));
        }
    }

    private static boolean isStrictlyDecodable(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException invalid) {
            return false;
        }
    }
}
