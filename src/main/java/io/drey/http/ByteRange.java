// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

/**
 * One range of bytes that lies within its representation (RFC 9110, 14.1.2), both ends included, counted from 0.
 */
public record ByteRange(long first, long last) {
    public ByteRange {
        if (first < 0 || last < first) {
            throw new IllegalArgumentException("no range: " + first + "-" + last);
        }
    }

    public long length() {
        return last - first + 1;
    }

    /** The value of Content-Range for a representation of this size. */
    public String contentRange(long size) {
        return "bytes " + first + "-" + last + "/" + size;
    }

    /**
     * What a Range header means for a representation of this size: partial, unsatisfiable, or full when the header is
     * to be ignored, being malformed, in another unit, or a list of several ranges.
     */
    static ReadDecision decide(String header, long size) {
        int equals = header.indexOf('=');
        if (equals < 0 || !header.substring(0, equals).equalsIgnoreCase("bytes")) {
            return ReadDecision.FULL;
        }
        String only = null;
        for (var element : header.substring(equals + 1).split(",", -1)) {
            var range = element.strip();
            if (!range.isEmpty() && only != null) {
                return ReadDecision.FULL;
            }
            only = range.isEmpty() ? only : range;
        }
        return only == null ? ReadDecision.FULL : decideOne(only, size);
    }

    private static ReadDecision decideOne(String range, long size) {
        int dash = range.indexOf('-');
        if (dash < 0 || range.length() == 1) {
            return ReadDecision.FULL;
        }
        var from = range.substring(0, dash);
        var to = range.substring(dash + 1);
        if (!areDigits(from) || !areDigits(to)) {
            return ReadDecision.FULL;
        }
        if (from.isEmpty()) {
            return suffix(number(to), size);
        }
        if (!to.isEmpty() && isLess(to, from)) {
            return ReadDecision.FULL;
        }
        long first = number(from);
        if (first >= size) {
            return ReadDecision.UNSATISFIABLE;
        }
        long last = to.isEmpty() ? size - 1 : Math.min(number(to), size - 1);
        return new ReadDecision.Partial(new ByteRange(first, last));
    }

    private static ReadDecision suffix(long length, long size) {
        if (length == 0) {
            return ReadDecision.UNSATISFIABLE;
        }
        // A suffix of nothing is satisfiable by definition, but no Content-Range can name it.
        return size == 0
                ? ReadDecision.FULL
                : new ReadDecision.Partial(new ByteRange(Math.max(0, size - length), size - 1));
    }

    private static boolean areDigits(String text) {
        return text.chars().allMatch(character -> character >= '0' && character <= '9');
    }

    /** The number, or the largest long when it is larger. */
    private static long number(String digits) {
        var significant = significant(digits);
        return significant.length() > 18 ? Long.MAX_VALUE : Long.parseLong("0" + significant);
    }

    private static boolean isLess(String digits, String others) {
        var left = significant(digits);
        var right = significant(others);
        return left.length() == right.length() ? left.compareTo(right) < 0 : left.length() < right.length();
    }

    private static String significant(String digits) {
        int start = 0;
        while (start < digits.length() && digits.charAt(start) == '0') {
            start++;
        }
        return digits.substring(start);
    }
}
