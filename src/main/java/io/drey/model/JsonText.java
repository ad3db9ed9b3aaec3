// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.nio.charset.StandardCharsets;

/** The text inside JSON strings: decoding of bytes that a {@link JsonScanner} has passed, and quoting for messages. */
final class JsonText {
    /** How many UTF-16 units of a name or path a message repeats. */
    static final int SHOWN_MAX = 64;

    private JsonText() {}

    /** The meaning of the letter after a backslash, -1 when it has none; {@code u} is not answered here. */
    static int unescaped(byte letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> -1;
        };
    }

    /** Decodes a well-formed string, given with its quotes. Lone surrogates written as escapes stay as they are. */
    static String decode(byte[] bytes, int start, int end) {
        int from = start + 1;
        int to = end - 1;
        int escape = backslash(bytes, from, to);
        if (escape == to) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        var text = new StringBuilder(to - from);
        while (from < to) {
            text.append(new String(bytes, from, escape - from, StandardCharsets.UTF_8));
            if (escape == to) {
                break;
            }
            byte letter = bytes[escape + 1];
            if (letter == 'u') {
                text.append((char) hex(bytes, escape + 2));
                from = escape + 6;
            } else {
                text.append((char) unescaped(letter));
                from = escape + 2;
            }
            escape = backslash(bytes, from, to);
        }
        return text.toString();
    }

    private static int backslash(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != '\\') {
            i++;
        }
        return i;
    }

    private static int hex(byte[] bytes, int at) {
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            unit = unit << 4 | Character.digit((char) bytes[i], 16);
        }
        return unit;
    }

    /** The text in quotes for a message: shortened, and safe to print and to encode whatever it holds. */
    static String shown(String text) {
        var shown = new StringBuilder("\"");
        for (int i = 0; i < Math.min(text.length(), SHOWN_MAX); i++) {
            char unit = text.charAt(i);
            if (unit == '"' || unit == '\\') {
                shown.append('\\').append(unit);
            } else if (Character.isISOControl(unit) || Character.isSurrogate(unit)) {
                shown.append(String.format("\\u%04x", (int) unit));
            } else {
                shown.append(unit);
            }
        }
        return shown.append(text.length() > SHOWN_MAX ? "\u2026\"" : "\"").toString();
    }
}
