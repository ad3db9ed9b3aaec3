// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static io.drey.model.RulesFixture.apply;
import static io.drey.model.RulesFixture.assertFound;
import static io.drey.model.RulesFixture.assertRefused;
import static io.drey.model.RulesFixture.assertUntouched;
import static io.drey.model.RulesFixture.assertWritten;
import static io.drey.model.RulesFixture.increment;
import static io.drey.model.RulesFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arithmetic on a stored number: exact, and bounded before anything is computed. */
class IncrementRuleTest {
    /** An integer of 200 digits, 1 at both ends. */
    private static final String LONG_INTEGER = "1" + "0".repeat(198) + "1";

    @ParameterizedTest
    @CsvSource({
        "1,1,2",
        "0.1,0.2,0.3",
        "0.10,0.20,0.3",
        "1.5,0.5,2",
        "1.0,1,2",
        "1e3,1,1001",
        "1E+2,0.5,100.5",
        "5,-7,-2",
        "-0.0,1,1",
        "2.50,0,2.5",
        "1e-20,1,1.00000000000000000001",
        "9007199254740993,1,9007199254740994"
    })
    void sumIsExactAndWithoutExponentOrSuperfluousZeros(String present, String by, String sum) {
        var current = record(present);
        assertWritten(apply(current, increment(by)), current, "increment", sum);
    }

    @ParameterizedTest
    @CsvSource({"1,1", "0.10,0.1", "1E+3,1000", "0,0", "-5,-5"})
    void absentKeyCountsAsZero(String by, String sum) {
        assertWritten(apply(null, increment(by)), null, "increment", sum);
    }

    @Test
    void integersMayHaveHundredsOfDigits() {
        var current = record(LONG_INTEGER);
        var sum = "1" + "0".repeat(197) + "23";
        assertWritten(apply(current, increment("22")), current, "increment", sum);
        assertWritten(apply(current, increment("-" + LONG_INTEGER)), current, "increment", "0");
    }

    @Test
    void numberOfTenThousandDigitsIsWithinBoundsAndOneMoreIsNot() {
        var within = record("1" + "0".repeat(9_999));
        assertWritten(apply(within, increment("1")), within, "increment", "1" + "0".repeat(9_998) + "1");
        var beyond = record("1" + "0".repeat(10_000));
        assertOutOfBounds(apply(beyond, increment("1")), beyond);
        var brim = record("9".repeat(10_000));
        assertOutOfBounds(apply(brim, increment("1")), brim);
    }

    @Test
    void fractionsAndIntegersTogetherMayNotExceedTheDigits() {
        var current = record("1" + "0".repeat(9_900));
        assertOutOfBounds(apply(current, increment("1e-500")), current);
    }

    @ParameterizedTest
    @CsvSource({"1e1000,true", "1e-1000,true", "1e1001,false", "1e-1001,false", "1e999999999,false", "0e1001,false"})
    void exponentOfAStoredNumberIsBounded(String present, boolean within) {
        var current = record(present);
        var transition = apply(current, increment("1"));
        if (within) {
            var sum = new BigDecimal(present).add(BigDecimal.ONE).toPlainString();
            assertWritten(transition, current, "increment", sum);
        } else {
            assertOutOfBounds(transition, current);
        }
    }

    @Test
    void incrementByZeroOfANumberWrittenPlainlyChangesNothing() {
        var current = record(" 2.5 ");
        assertFound(apply(current, increment("0")), current);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {"null;null", "true;boolean", "'1';string", "[1];array", "{};object"})
    void anotherTypeIsRefused(String present, String found) {
        var current = record(present);
        assertRefused(apply(current, increment("1")), current, new Outcome.WrongType(found, "number"));
    }

    @Test
    void recordThatIsNotJsonIsRefusedThoughItsBytesAreANumber() {
        var current = record("1", "text/plain");
        assertRefused(apply(current, increment("1")), current, new Outcome.WrongType("bytes", "number"));
    }

    private void assertOutOfBounds(Transition transition, Entry current) {
        assertUntouched(transition, current);
        assertThat(transition.outcome())
                .isInstanceOfSatisfying(Outcome.OutOfBounds.class, refusal -> assertThat(refusal.detail())
                        .contains("1000", "10000"));
    }
}
