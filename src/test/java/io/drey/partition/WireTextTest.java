// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WireTextTest {
    @Test
    void everyUnitOfUtf16ComesBackAloneAndBetweenOthers() {
        for (int unit = Character.MIN_VALUE; unit <= Character.MAX_VALUE; unit++) {
            assertRoundTrip(String.valueOf((char) unit));
            assertRoundTrip("a" + (char) unit + "é");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\0", "\ud83d\ude00", "\ude00\ud83d", "\ud83d", "\ud83d\ud83d\ude00", "\ufffd"})
    void anyStringComesBack(String text) {
        assertRoundTrip(text);
    }

    @Test
    void textsHaveNoBoundOf64Kilobytes() {
        assertRoundTrip("é".repeat(100_000));
        assertRoundTrip("\ud800".repeat(100_000));
        assertRoundTrip(null);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01 00000001 ff", // no UTF-8
                "01 00000003 eda080", // a surrogate in UTF-8
                "01 00000002 c080", // a zero in two bytes
                "01 00000002 61", // cut
                "01 ffffffff",
                "01 7fffffff 61",
                "02 00000001 00", // cut
                "02 40000000 0061",
                "03 00000000",
                "00",
                ""
            })
    void bytesThatAreNoTextAreRefused(String hex) {
        var buffer = Buffer.buffer(HexFormat.of().parseHex(hex.replace(" ", "")));
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> new WireReader(buffer, 0).text());
    }

    private static void assertRoundTrip(String text) {
        var buffer = Buffer.buffer();
        new WireWriter(buffer).text(text);
        assertThat(WireReader.whole(buffer, 0, WireReader::textOrNull)).isEqualTo(text);
    }
}
