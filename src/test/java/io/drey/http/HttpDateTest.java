// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HttpDateTest {
    private static final long EXAMPLE = Instant.parse("1994-11-06T08:49:37Z").toEpochMilli();
    private static final long NOW = Instant.parse("2026-06-01T00:00:00Z").toEpochMilli();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "Sun Nov 06 08:49:37 1994"
            })
    void allThreeFormsAreRead(String text) {
        assertThat(HttpDate.parse(text, NOW)).hasValue(EXAMPLE);
    }

    @Test
    void preferredFormIsWrittenInWholeSeconds() {
        assertThat(HttpDate.format(EXAMPLE + 999)).isEqualTo("Sun, 06 Nov 1994 08:49:37 GMT");
        assertThat(HttpDate.format(-1)).isEqualTo("Wed, 31 Dec 1969 23:59:59 GMT");
    }

    @Test
    void agreesWithTheFormatterOfThePlatformAndReadsBackWhatItWrote() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        var random = new Random(seed);
        var formatter = DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
                .withZone(ZoneOffset.UTC);
        for (int round = 0; round < 2_000; round++) {
            long millis = random.nextLong(0, 253_402_300_800_000L);
            var text = HttpDate.format(millis);
            assertThat(text).as("drey.seed=%d", seed).isEqualTo(formatter.format(Instant.ofEpochMilli(millis)));
            assertThat(HttpDate.parse(text)).hasValue(millis / 1000 * 1000);
        }
    }

    @Test
    void yearOfTwoDigitsIsAtMostFiftyYearsAhead() {
        assertThat(HttpDate.parse("Wednesday, 01-Jan-76 00:00:00 GMT", NOW))
                .hasValue(Instant.parse("2076-01-01T00:00:00Z").toEpochMilli());
        assertThat(HttpDate.parse("Saturday, 01-Jan-77 00:00:00 GMT", NOW))
                .hasValue(Instant.parse("1977-01-01T00:00:00Z").toEpochMilli());
    }

    @Test
    void leapSecondIsLegal() {
        assertThat(HttpDate.parse("Sat, 31 Dec 2016 23:59:60 GMT"))
                .hasValue(Instant.parse("2017-01-01T00:00:00Z").toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "now",
                "1994-11-06T08:49:37Z",
                "Sun, 06 Nov 1994 08:49:37",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "sun, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 24:49:37 GMT",
                "Sun, 06 Nov 1994 08:60:37 GMT",
                "Sun, 06 Nov 1994 08:49:61 GMT",
                "Tue, 30 Feb 2021 00:00:00 GMT",
                "Sun, 06 Nov 1994 08:49:37 GMT ",
                "Sun, 06 Nov 1994 08:49:37 GMTx",
                "Sun, 06 Nov 1994 08-49-37 GMT",
                "Sun, 00 Nov 1994 08:49:37 GMT",
                "Sunday, 06-Nov-1994 08:49:37 GMT",
                "Sun Nov  6 08:49:37 94",
                "Sun Nov 6 08:49:37 1994",
                "0",
                ",",
                ", ",
                "Sun, +6 Nov 1994 08:49:37 GMT",
                "Sun, 06 Xxx 1994 08:49:37 GMT",
                "Sun,"
            })
    void whatIsNoDateIsEmpty(String text) {
        assertThat(HttpDate.parse(text, NOW)).isEmpty();
    }
}
