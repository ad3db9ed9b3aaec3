// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;

/** Turns numbers of a tree into decimals to compute with, after their size has been judged by their text alone. */
public final class Decimals {
    private Decimals() {}

    /**
     * The exact value, or empty when the node is no number or the number is out of bounds:
     *
     * <ul>
     *   <li>an exponent written in it lies outside ±{@code exponentMax};
     *   <li>it has more than {@code digitsMax} digits, counted from the first that is not zero;
     *   <li>it is closer to zero than 10^-{@code exponentMax}, in whatever notation;
     *   <li>its integer part would need more digits than the larger of {@code digitsMax} and {@code exponentMax} + 1.
     * </ul>
     *
     * So an integer of {@code digitsMax} digits is within bounds though its scientific exponent is beyond {@code
     * exponentMax}: the bound on exponents is there to stop short texts that mean long numbers. The plain notation of
     * what is returned has at most {@code exponentMax + digitsMax} digits and a few. A zero is returned as plain zero.
     */
    public static Optional<BigDecimal> bounded(JsonNode number, int exponentMax, int digitsMax) {
        if (!Json.isFiniteNumber(number)) {
            return Optional.empty();
        }
        String text = number.asText();
        var parts = new NumberText(text);
        if (Math.abs(parts.exponentWritten()) > exponentMax || parts.digitsWritten() > digitsMax) {
            return Optional.empty();
        }
        if (parts.isZero()) {
            return Optional.of(BigDecimal.ZERO);
        }
        long scientific = parts.exponentScientific();
        if (scientific < -(long) exponentMax || scientific > Math.max(exponentMax, digitsMax - 1)) {
            return Optional.empty();
        }
        return Optional.of(new BigDecimal(text));
    }
}
