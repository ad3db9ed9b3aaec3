// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DecimalsTest {
    private static Optional<BigDecimal> bounded(String text) {
        return Decimals.bounded(JsonTest.json(text), 1_000, 10_000);
    }

    @Test
    void numbersWithinBoundsAreExact() {
        assertThat(bounded("0.1")).contains(new BigDecimal("0.1"));
        assertThat(bounded("1e1000")).isPresent();
        assertThat(bounded("-1e-1000")).isPresent();
        assertThat(bounded("9".repeat(10_000))).contains(new BigDecimal("9".repeat(10_000)));
        assertThat(bounded("0." + "7".repeat(10_000))).isPresent();
        assertThat(bounded("1e000000000000000000000000001")).contains(new BigDecimal("1e1"));
        assertThat(bounded("-0")).contains(BigDecimal.ZERO);
        assertThat(bounded("0." + "0".repeat(20_000)).orElseThrow().scale()).isZero();
    }

    @Test
    void numbersOutOfBoundsAreEmpty() {
        assertThat(bounded("1e1001")).isEmpty();
        assertThat(bounded("1e-1001")).isEmpty();
        assertThat(bounded("0e99999999999999999999999")).isEmpty();
        assertThat(bounded("1e99999999999")).isEmpty();
        assertThat(bounded("1e-99999999999999999999999999")).isEmpty();
        assertThat(bounded("9".repeat(10_001))).isEmpty();
        assertThat(bounded("0." + "0".repeat(1_000) + "1")).isEmpty();
        assertThat(bounded("0.01e-999")).isEmpty();
        assertThat(bounded("9".repeat(9_500) + "e900")).isEmpty();
        assertThat(bounded("1." + "0".repeat(10_000))).isEmpty();
    }

    @Test
    void whatIsNoNumberIsEmpty() {
        assertThat(bounded("\"1\"")).isEmpty();
        assertThat(bounded("null")).isEmpty();
    }
}
