// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;

/**
 * Turns seconds with decimals, as clients write them, into whole milliseconds. What a millisecond cannot hold is cut
 * off.
 */
public final class Durations {
    public static final long TTL_MILLIS_MIN = 1;

    /** 100 years of 365.25 days. */
    public static final long TTL_MILLIS_MAX = 3_155_760_000_000L;

    /** More characters than a duration within any bound of ours needs. */
    private static final int TEXT_LENGTH_MAX = 64;

    private Durations() {}

    /**
     * Milliseconds of a time to live, or empty when it is out of bounds; zero is taken only where the caller has a
     * meaning for it.
     */
    public static OptionalLong millisOfSeconds(BigDecimal seconds, boolean zeroAllowed) {
        if (seconds.signum() == 0) {
            return zeroAllowed ? OptionalLong.of(0) : OptionalLong.empty();
        }
        return millisOfSeconds(seconds, TTL_MILLIS_MIN, TTL_MILLIS_MAX);
    }

    /** As {@link #millisOfSeconds(BigDecimal, boolean)}, of plain decimal digits; empty for everything else. */
    public static OptionalLong millisOfSeconds(String text, boolean zeroAllowed) {
        return isPlainDecimal(text) ? millisOfSeconds(new BigDecimal(text), zeroAllowed) : OptionalLong.empty();
    }

    /** Milliseconds between two bounds, not negative, that count as inside; empty when the duration is outside. */
    public static OptionalLong millisOfSeconds(BigDecimal seconds, long millisMin, long millisMax) {
        // Compared before anything is expanded: comparing looks at the magnitudes first, so 1E+1000000000 costs
        // nothing.
        if (seconds.compareTo(BigDecimal.valueOf(millisMin, 3)) < 0
                || seconds.compareTo(BigDecimal.valueOf(millisMax, 3)) > 0) {
            return OptionalLong.empty();
        }
        // A tiny non-zero number, when zero is inside, would have a scale that is as long as its exponent says.
        if (seconds.signum() == 0 || seconds.precision() - (long) seconds.scale() < -3) {
            return OptionalLong.of(0);
        }
        return OptionalLong.of(
                seconds.setScale(3, RoundingMode.FLOOR).unscaledValue().longValueExact());
    }

    /** As {@link #millisOfSeconds(BigDecimal, long, long)}, of plain decimal digits; empty for everything else. */
    public static OptionalLong millisOfSeconds(String text, long millisMin, long millisMax) {
        return isPlainDecimal(text)
                ? millisOfSeconds(new BigDecimal(text), millisMin, millisMax)
                : OptionalLong.empty();
    }

    /** Digits with at most one point between them: no sign, no exponent, no digits of other scripts. */
    private static boolean isPlainDecimal(String text) {
        int point = text.indexOf('.');
        if (text.isEmpty() || text.length() > TEXT_LENGTH_MAX || point == 0 || point == text.length() - 1) {
            return false;
        }
        for (int position = 0; position < text.length(); position++) {
            char character = text.charAt(position);
            if ((character < '0' || character > '9') && position != point) {
                return false;
            }
        }
        return true;
    }
}
