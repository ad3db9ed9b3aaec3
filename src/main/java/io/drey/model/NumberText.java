// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.util.OptionalLong;

/**
 * A JSON number taken apart without computing it: its value is {@code 0.digits * 10^point}. All of it is linear in the
 * length of the text, whatever its exponent.
 */
final class NumberText {
    /** More digits than this in an exponent no longer fit sums of {@code long} without care. */
    private static final int EXPONENT_DIGITS_SMALL = 17;
    /** Stands for any exponent with more digits; also far beyond what the length of a text can shift. */
    private static final long FAR = 1_000_000_000_000_000_000L;

    private final boolean negative;
    private final String digits;
    private final int digitsWritten;
    private final int shift;
    private final boolean exponentNegative;
    private final String exponent;

    NumberText(String text) {
        negative = text.charAt(0) == '-';
        int exponentAt = exponentAt(text);
        String mantissa = text.substring(negative ? 1 : 0, exponentAt);
        int dot = mantissa.indexOf('.');
        int integers = dot < 0 ? mantissa.length() : dot;
        String all = dot < 0 ? mantissa : mantissa.substring(0, dot) + mantissa.substring(dot + 1);
        int first = leadingZeros(all);
        int last = all.length();
        while (last > first && all.charAt(last - 1) == '0') {
            last--;
        }
        digits = all.substring(first, last);
        digitsWritten = all.length() - first;
        shift = integers - first;
        String written = exponentAt == text.length() ? "0" : text.substring(exponentAt + 1);
        exponentNegative = written.charAt(0) == '-';
        String magnitude = exponentNegative || written.charAt(0) == '+' ? written.substring(1) : written;
        exponent = magnitude.substring(leadingZeros(magnitude));
    }

    boolean isZero() {
        return digits.isEmpty();
    }

    /** How many digits stand in the text from the first that is not zero, trailing zeros included. */
    int digitsWritten() {
        return digitsWritten;
    }

    /** The exponent that stands in the text, 0 without one; beyond 17 digits merely something enormous. */
    long exponentWritten() {
        long magnitude =
                exponent.length() > EXPONENT_DIGITS_SMALL ? FAR : exponent.isEmpty() ? 0 : Long.parseLong(exponent);
        return exponentNegative ? -magnitude : magnitude;
    }

    /** The power of ten of the first digit that is not zero, as in scientific notation; meaningless for zero. */
    long exponentScientific() {
        return exponentWritten() + shift - 1;
    }

    boolean isIntegral() {
        return isZero() || exponentScientific() + 1 >= digits.length();
    }

    /** The integer part if it fits a {@code long}. */
    OptionalLong integerPart() {
        long point = exponentScientific() + 1;
        if (isZero() || point <= 0) {
            return OptionalLong.of(0);
        }
        if (point > 19) {
            return OptionalLong.empty();
        }
        int kept = (int) Math.min(point, digits.length());
        String part = (negative ? "-" : "") + digits.substring(0, kept) + "0".repeat((int) point - kept);
        try {
            return OptionalLong.of(Long.parseLong(part));
        } catch (NumberFormatException beyondLong) {
            return OptionalLong.empty();
        }
    }

    boolean isNegative() {
        return negative;
    }

    boolean sameValue(NumberText other) {
        if (isZero() || other.isZero()) {
            return isZero() && other.isZero();
        }
        return negative == other.negative && digits.equals(other.digits) && point().equals(other.point());
    }

    /** The exact exponent, in decimal and without superfluous zeros. */
    private String point() {
        if (exponent.length() <= EXPONENT_DIGITS_SMALL) {
            return Long.toString(exponentWritten() + shift);
        }
        // Its magnitude is far above that of the shift, so the sum keeps the sign and plain column addition will do.
        long rest = exponentNegative ? -(long) shift : shift;
        char[] sum = ("0" + exponent).toCharArray();
        for (int i = sum.length - 1; i >= 0 && rest != 0; i--) {
            long column = sum[i] - '0' + rest;
            sum[i] = (char) ('0' + Math.floorMod(column, 10));
            rest = Math.floorDiv(column, 10);
        }
        String magnitude = new String(sum);
        return (exponentNegative ? "-" : "") + magnitude.substring(leadingZeros(magnitude));
    }

    private static int exponentAt(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) == 'e' || text.charAt(i) == 'E') {
                return i;
            }
        }
        return text.length();
    }

    private static int leadingZeros(String digits) {
        int i = 0;
        while (i < digits.length() && digits.charAt(i) == '0') {
            i++;
        }
        return i;
    }
}
