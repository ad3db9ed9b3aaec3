// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.node.NumericNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * A number in a tree that keeps the digits it was written with. Equal by text; exact values are compared by {@link
 * Json#sameValue}. Conversions never expand an exponent: {@link #longValue} and {@link #intValue} stop at the ends of
 * {@code long}, {@link #doubleValue} rounds, and {@link #decimalValue} and {@link #bigIntegerValue} throw {@link
 * ArithmeticException} beyond 10,000 digits or an exponent of 10,000.
 */
final class JsonNumber extends NumericNode {
    private static final long serialVersionUID = 1L;
    private static final int CONVERTED_DIGITS_MAX = 10_000;
    private static final int CONVERTED_EXPONENT_MAX = 10_000;

    private final String text;

    /** @param text a number by the grammar of RFC 8259 */
    JsonNumber(String text) {
        this.text = text;
    }

    @Override
    public String asText() {
        return text;
    }

    @Override
    public JsonToken asToken() {
        return isPlainInteger() ? JsonToken.VALUE_NUMBER_INT : JsonToken.VALUE_NUMBER_FLOAT;
    }

    @Override
    public JsonParser.NumberType numberType() {
        if (!isPlainInteger()) {
            return JsonParser.NumberType.BIG_DECIMAL;
        }
        if (canConvertToInt()) {
            return JsonParser.NumberType.INT;
        }
        return canConvertToLong() ? JsonParser.NumberType.LONG : JsonParser.NumberType.BIG_INTEGER;
    }

    /** True when the text has neither a fraction nor an exponent. */
    @Override
    public boolean isIntegralNumber() {
        return isPlainInteger();
    }

    @Override
    public boolean isFloatingPointNumber() {
        return !isPlainInteger();
    }

    @Override
    public boolean isBigDecimal() {
        return !isPlainInteger();
    }

    @Override
    public boolean isInt() {
        return isPlainInteger() && canConvertToInt();
    }

    @Override
    public boolean isLong() {
        return isPlainInteger() && canConvertToLong() && !canConvertToInt();
    }

    @Override
    public boolean isBigInteger() {
        return isPlainInteger() && !canConvertToLong();
    }

    @Override
    public boolean canConvertToInt() {
        var part = new NumberText(text).integerPart();
        return part.isPresent() && part.getAsLong() == (int) part.getAsLong();
    }

    @Override
    public boolean canConvertToLong() {
        return new NumberText(text).integerPart().isPresent();
    }

    /** True when the value is an integer, as that of 1.0 and 1e2 is. */
    @Override
    public boolean canConvertToExactIntegral() {
        return new NumberText(text).isIntegral();
    }

    @Override
    public Number numberValue() {
        if (!isPlainInteger()) {
            return decimalValue();
        }
        if (canConvertToInt()) {
            return intValue();
        }
        if (canConvertToLong()) {
            return longValue();
        }
        return bigIntegerValue();
    }

    @Override
    public int intValue() {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, longValue()));
    }

    @Override
    public long longValue() {
        var number = new NumberText(text);
        return number.integerPart().orElse(number.isNegative() ? Long.MIN_VALUE : Long.MAX_VALUE);
    }

    @Override
    public double doubleValue() {
        return Double.parseDouble(text);
    }

    @Override
    public BigDecimal decimalValue() {
        return Decimals.bounded(this, CONVERTED_EXPONENT_MAX, CONVERTED_DIGITS_MAX)
                .orElseThrow(() -> new ArithmeticException("a number is too large or too long to compute with"));
    }

    @Override
    public BigInteger bigIntegerValue() {
        return decimalValue().toBigInteger();
    }

    @Override
    public void serialize(JsonGenerator generator, SerializerProvider provider) throws IOException {
        generator.writeNumber(text);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof JsonNumber number && text.equals(number.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    private boolean isPlainInteger() {
        for (int i = 0; i < text.length(); i++) {
            char letter = text.charAt(i);
            if (letter == '.' || letter == 'e' || letter == 'E') {
                return false;
            }
        }
        return true;
    }
}
