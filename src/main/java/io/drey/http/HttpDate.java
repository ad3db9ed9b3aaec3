// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.List;
import java.util.OptionalLong;

/**
 * Dates in headers (RFC 9110, 5.6.7): writes the preferred form, reads the two obsolete ones too. Times are
 * milliseconds since 1970, the headers have whole seconds. Case counts, and a day of the week that does not fit its
 * date makes the date invalid.
 */
public final class HttpDate {
    private static final List<String> DAYS = List.of("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun");
    private static final List<String> LONG_DAYS =
            List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday");
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final int SECONDS_PER_DAY = 86_400;

    private HttpDate() {}

    /** Such as {@code Sun, 06 Nov 1994 08:49:37 GMT}; parts of a second are cut off. For years 0 to 9999. */
    public static String format(long millis) {
        long seconds = Math.floorDiv(millis, 1000L);
        var date = LocalDate.ofEpochDay(Math.floorDiv(seconds, SECONDS_PER_DAY));
        int time = Math.floorMod(seconds, SECONDS_PER_DAY);
        var text = new StringBuilder(29);
        text.append(DAYS.get(date.getDayOfWeek().ordinal())).append(", ");
        twoDigits(text, date.getDayOfMonth()).append(' ');
        text.append(MONTHS.get(date.getMonthValue() - 1)).append(' ');
        twoDigits(text, date.getYear() / 100);
        twoDigits(text, date.getYear() % 100).append(' ');
        twoDigits(text, time / 3600).append(':');
        twoDigits(text, time / 60 % 60).append(':');
        return twoDigits(text, time % 60).append(" GMT").toString();
    }

    /** Milliseconds since 1970, or empty when the text is no date: then the header is to be ignored. */
    public static OptionalLong parse(String text) {
        return parse(text, System.currentTimeMillis());
    }

    /** As {@link #parse(String)}, with the time that decides the century of a year of two digits. */
    static OptionalLong parse(String text, long nowMillis) {
        try {
            int comma = text.indexOf(',');
            if (comma < 0) {
                return OptionalLong.of(ansiC(text));
            }
            return OptionalLong.of(comma == 3 ? fixed(text) : dashed(text, comma, nowMillis));
        } catch (DateTimeException | IndexOutOfBoundsException invalid) {
            return OptionalLong.empty();
        }
    }

    /** {@code Sun, 06 Nov 1994 08:49:37 GMT} */
    private static long fixed(String text) {
        expect(text, 3, ", ");
        expect(text, 7, " ");
        expect(text, 11, " ");
        expect(text, 16, " ");
        expectEnd(text, 25, " GMT");
        var date = LocalDate.of(number(text, 12, 16), month(text, 8), number(text, 5, 7));
        return millis(date, DAYS.indexOf(text.substring(0, 3)), text, 17);
    }

    /** {@code Sunday, 06-Nov-94 08:49:37 GMT} of RFC 850. */
    private static long dashed(String text, int comma, long nowMillis) {
        expect(text, comma, ", ");
        expect(text, comma + 4, "-");
        expect(text, comma + 8, "-");
        expect(text, comma + 11, " ");
        expectEnd(text, comma + 20, " GMT");
        int thisYear = LocalDate.ofEpochDay(Math.floorDiv(nowMillis, SECONDS_PER_DAY * 1000L))
                .getYear();
        int year = thisYear - thisYear % 100 + number(text, comma + 9, comma + 11);
        // A date that seems to be more than 50 years ahead is the latest past year with these digits.
        year = year > thisYear + 50 ? year - 100 : year;
        var date = LocalDate.of(year, month(text, comma + 5), number(text, comma + 2, comma + 4));
        return millis(date, LONG_DAYS.indexOf(text.substring(0, comma)), text, comma + 12);
    }

    /** {@code Sun Nov  6 08:49:37 1994} of C's asctime. */
    private static long ansiC(String text) {
        expect(text, 3, " ");
        expect(text, 7, " ");
        expect(text, 10, " ");
        expect(text, 19, " ");
        expectEnd(text, 24, "");
        int day = text.charAt(8) == ' ' ? number(text, 9, 10) : number(text, 8, 10);
        var date = LocalDate.of(number(text, 20, 24), month(text, 4), day);
        return millis(date, DAYS.indexOf(text.substring(0, 3)), text, 11);
    }

    private static long millis(LocalDate date, int dayOfWeek, String text, int time) {
        expect(text, time + 2, ":");
        expect(text, time + 5, ":");
        int hour = number(text, time, time + 2);
        int minute = number(text, time + 3, time + 5);
        int second = number(text, time + 6, time + 8);
        // A leap second is legal.
        if (hour > 23
                || minute > 59
                || second > 60
                || dayOfWeek != date.getDayOfWeek().ordinal()) {
            throw new DateTimeException(text);
        }
        return (date.toEpochDay() * SECONDS_PER_DAY + hour * 3600L + minute * 60L + second) * 1000;
    }

    private static int month(String text, int position) {
        return MONTHS.indexOf(text.substring(position, position + 3)) + 1;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int position = from; position < to; position++) {
            int digit = text.charAt(position) - '0';
            if (digit < 0 || digit > 9) {
                throw new DateTimeException(text);
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static void expect(String text, int position, String expected) {
        if (!text.startsWith(expected, position)) {
            throw new DateTimeException(text);
        }
    }

    private static void expectEnd(String text, int position, String expected) {
        if (text.length() != position + expected.length()) {
            throw new DateTimeException(text);
        }
        expect(text, position, expected);
    }

    private static StringBuilder twoDigits(StringBuilder text, int number) {
        return text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }
}
