// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The parameters of a raw query: pairs between ampersands, names and values percent-decoded once, a plus being a plus.
 * Nothing is looked at before it is asked for, so an unknown parameter is ignored, however malformed. One that is
 * asked for answers 400 {@code invalid-parameter} by a {@link ProblemException} when it is given twice, empty, not
 * UTF-8 or out of bounds. Not thread-safe.
 */
public final class QueryParameters {
    private final String query;
    private List<Pair> pairs;

    /** @param query without its question mark, or null */
    public QueryParameters(String query) {
        this.query = query == null ? "" : query;
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(value(name));
    }

    public String textOr(String name, String absent) {
        var value = value(name);
        return value == null ? absent : value;
    }

    /** For parameters whose empty value means the same as their absence. */
    public Optional<String> textIfAny(String name) {
        return Optional.ofNullable(bytes(name)).map(Utf8::decode);
    }

    /** The UTF-8 bytes of a parameter whose empty value means the same as its absence; null when it is absent. */
    public byte[] bytes(String name) {
        var pair = find(name);
        if (pair == null || pair.valueStart == pair.end) {
            return null;
        }
        var bytes = PercentCoding.decode(query, pair.valueStart, pair.end);
        if (bytes == null) {
            throw invalid(name, "has a percent sign that two hexadecimal digits do not follow");
        }
        if (!Utf8.isValid(bytes)) {
            throw invalid(name, "is not UTF-8");
        }
        return bytes;
    }

    public int integer(String name, int absent, int minimum, int maximum) {
        return (int) longInteger(name, absent, minimum, maximum);
    }

    /**
     * A whole number of plain digits between two bounds that count as inside; the bounds do not hold for the absent
     * value.
     */
    public long longInteger(String name, long absent, long minimum, long maximum) {
        var text = value(name);
        if (text == null) {
            return absent;
        }
        int digits = text.startsWith("-") ? 1 : 0;
        boolean isNumber = text.length() > digits;
        for (int position = digits; position < text.length(); position++) {
            char character = text.charAt(position);
            isNumber &= character >= '0' && character <= '9';
        }
        if (!isNumber) {
            throw invalid(name, "must be a whole number");
        }
        try {
            long number = Long.parseLong(text);
            if (number >= minimum && number <= maximum) {
                return number;
            }
        } catch (NumberFormatException outsideOfLong) {
            // Outside of every bound.
        }
        throw Problem.invalidParameter(name, "The parameter " + name + " must be in " + minimum + ".." + maximum + ".")
                .with("minimum", minimum)
                .with("maximum", maximum)
                .exception();
    }

    public boolean bool(String name, boolean absent) {
        var text = value(name);
        if (text == null) {
            return absent;
        }
        if (text.equals("true") || text.equals("1")) {
            return true;
        }
        if (text.equals("false") || text.equals("0")) {
            return false;
        }
        throw invalid(name, "must be true, false, 1 or 0");
    }

    /** A time to live given in seconds, in milliseconds; zero is legal. */
    public long ttlMillis(String name, long absent) {
        var text = value(name);
        if (text == null) {
            return absent;
        }
        return Durations.millisOfSeconds(text, true)
                .orElseThrow(() -> invalid(name, "must be 0, or seconds from 0.001 to 3155760000 (100 years)"));
    }

    /** A duration given in seconds with decimals, in milliseconds. */
    public long millis(String name, long absent, long millisMin, long millisMax) {
        var text = value(name);
        if (text == null) {
            return absent;
        }
        OptionalLong millis = Durations.millisOfSeconds(text, millisMin, millisMax);
        return millis.orElseThrow(
                () -> invalid(name, "must be seconds from " + seconds(millisMin) + " to " + seconds(millisMax)));
    }

    /** The value of a parameter that must not be empty, null when it is absent. */
    private String value(String name) {
        var bytes = bytes(name);
        if (bytes == null && find(name) != null) {
            throw invalid(name, "must not be empty");
        }
        return bytes == null ? null : Utf8.decode(bytes);
    }

    private Pair find(String name) {
        if (query.isEmpty()) {
            return null;
        }
        if (pairs == null) {
            pairs = split(query);
        }
        Pair found = null;
        for (var pair : pairs) {
            if (pair.name.equals(name)) {
                if (found != null) {
                    throw invalid(name, "is given twice");
                }
                found = pair;
            }
        }
        return found;
    }

    private static List<Pair> split(String query) {
        var pairs = new ArrayList<Pair>();
        int start = 0;
        while (start < query.length()) {
            int ampersand = query.indexOf('&', start);
            int end = ampersand < 0 ? query.length() : ampersand;
            int equals = query.indexOf('=', start);
            int nameEnd = equals < 0 || equals > end ? end : equals;
            var name = name(query, start, nameEnd);
            if (name != null) {
                pairs.add(new Pair(name, Math.min(nameEnd + 1, end), end));
            }
            start = end + 1;
        }
        return pairs;
    }

    /** Null for a name that cannot be decoded: nobody asks for it. */
    private static String name(String query, int start, int end) {
        if (PercentCoding.isPlain(query, start, end)) {
            return query.substring(start, end);
        }
        var bytes = PercentCoding.decode(query, start, end);
        return bytes == null ? null : Utf8.decode(bytes);
    }

    private static String seconds(long millis) {
        return BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
    }

    private static ProblemException invalid(String name, String rule) {
        return Problem.invalidParameter(name, "The parameter " + name + " " + rule + ".")
                .exception();
    }

    /** A decoded name, and where its raw value stands in the query. */
    private record Pair(String name, int valueStart, int end) {}
}
