// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import java.util.regex.Pattern;

/**
 * One value and where it came from.
 *
 * @param text the value as written; the items of a YAML list are joined by commas
 * @param origin for people, such as {@code environment variable DREY_HTTP_PORT}
 * @param isList whether it was written as a YAML list
 */
record Setting(String text, String origin, boolean isList) {
    private static final int SHOWN_CHARACTERS_MAX = 120;
    private static final Pattern PASSWORD_IN_URL = Pattern.compile("(://[^/@:]*:).*@");
    private static final Pattern PASSWORD_PARAMETER = Pattern.compile("(?i)(password=)[^&]*");
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}\\u2028\\u2029]");

    /** The value for messages: quoted, on one line, of bounded length, without the password of a URL. */
    String shown() {
        var masked = PASSWORD_IN_URL.matcher(text).replaceAll("$1***@");
        masked = PASSWORD_PARAMETER.matcher(masked).replaceAll("$1***");
        return quoted(masked);
    }

    static String quoted(String text) {
        var line = UNPRINTABLE.matcher(text).replaceAll("?");
        if (line.length() > SHOWN_CHARACTERS_MAX) {
            line = line.substring(0, SHOWN_CHARACTERS_MAX) + "…";
        }
        return '"' + line + '"';
    }
}
