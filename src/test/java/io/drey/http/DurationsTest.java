// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({
        "0.001, 1",
        "1, 1000",
        "1.5, 1500",
        "0.0019, 1",
        "007, 7000",
        "3155760000, 3155760000000",
        "3153600000.000," + " 3153600000000",
        "0.100000000000000000000000000, 100"
    })
    void secondsBecomeMilliseconds(String seconds, long millis) {
        assertThat(Durations.millisOfSeconds(seconds, false)).hasValue(millis);
        assertThat(Durations.millisOfSeconds(new BigDecimal(seconds), true)).hasValue(millis);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0.0009",
                "3155760000.001",
                "-1",
                "+1",
                "1e3",
                "NaN",
                "Infinity",
                ".5",
                "5.",
                ".",
                "1.2.3",
                " 1",
                "1 ",
                "\u0661",
                "0x1",
                "1,5",
                "1_0"
            })
    void textsThatAreNoBoundedDecimalAreRefused(String seconds) {
        assertThat(Durations.millisOfSeconds(seconds, true)).isEmpty();
    }

    @Test
    void zeroIsTakenOnlyWhereAllowed() {
        assertThat(Durations.millisOfSeconds("0", true)).hasValue(0);
        assertThat(Durations.millisOfSeconds("0.000", true)).hasValue(0);
        assertThat(Durations.millisOfSeconds("0", false)).isEmpty();
        assertThat(Durations.millisOfSeconds(new BigDecimal("-0"), true)).hasValue(0);
    }

    @Test
    @Timeout(2)
    void enormousExponentsCostNothing() {
        for (var seconds : new String[] {"1E+1000000000", "1E-1000000000", "-1E+1000000000", "1E+2147483647"}) {
            assertThat(Durations.millisOfSeconds(new BigDecimal(seconds), true)).isEqualTo(OptionalLong.empty());
        }
        assertThat(Durations.millisOfSeconds(new BigDecimal("0E+1000000000"), true))
                .hasValue(0);
        assertThat(Durations.millisOfSeconds(new BigDecimal("1E-1000000000"), 0, 60_000))
                .hasValue(0);
        assertThat(Durations.millisOfSeconds(new BigDecimal("1E+3"), false)).hasValue(1_000_000);
        assertThat(Durations.millisOfSeconds("9".repeat(10_000), true)).isEmpty();
    }

    @Test
    void boundsCountAsInside() {
        long minute = Duration.ofMinutes(1).toMillis();
        assertThat(Durations.millisOfSeconds("60", 0, minute)).hasValue(minute);
        assertThat(Durations.millisOfSeconds("0", 0, minute)).hasValue(0);
        assertThat(Durations.millisOfSeconds("60.001", 0, minute)).isEmpty();
    }
}
