// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Numbers with a unit: reads them into a whole number of the smallest unit and writes them for messages. */
enum Quantity {
    BYTES("", units("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30)),
    MILLIS("s", units("ms", 1L, "s", 1_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L));

    // The lengths are bounded, so that a hostile number costs nothing to multiply.
    private static final Pattern NUMBER_AND_UNIT = Pattern.compile("([0-9]{1,18}(?:\\.[0-9]{1,9})?) *([A-Za-z]*)");

    private final String unitOfBareNumber;
    private final Map<String, Long> units;

    Quantity(String unitOfBareNumber, Map<String, Long> units) {
        this.unitOfBareNumber = unitOfBareNumber;
        this.units = units;
    }

    /** Empty when the text is no number with a known unit, or not a whole number of the smallest unit. */
    OptionalLong parse(String text) {
        var matcher = NUMBER_AND_UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            return OptionalLong.empty();
        }
        var unit = units.get(matcher.group(2).isEmpty() ? unitOfBareNumber : matcher.group(2));
        if (unit == null) {
            return OptionalLong.empty();
        }
        try {
            var amount = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
            return OptionalLong.of(amount.longValueExact());
        } catch (ArithmeticException e) {
            return OptionalLong.empty();
        }
    }

    /** In the largest unit that leaves a whole number, such as {@code 16 MiB}. */
    String format(long amount) {
        var text = this == BYTES ? amount + " bytes" : amount + " ms";
        for (var unit : units.entrySet()) {
            if (unit.getValue() > 1 && amount != 0 && amount % unit.getValue() == 0) {
                text = amount / unit.getValue() + " " + unit.getKey();
            }
        }
        return text;
    }

    private static Map<String, Long> units(Object... namesAndSizes) {
        var units = new LinkedHashMap<String, Long>();
        for (var i = 0; i < namesAndSizes.length; i += 2) {
            units.put((String) namesAndSizes[i], (Long) namesAndSizes[i + 1]);
        }
        return units;
    }
}
