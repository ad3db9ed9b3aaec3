// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

/**
 * Decodes percent-escapes (RFC 3986, 2.1) exactly once. A plus stays a plus. A character up to U+00FF that is not
 * escaped stands for its byte, since that is how the HTTP codec hands over bytes that a client did not escape.
 */
final class PercentCoding {
    private PercentCoding() {}

    /** The bytes of {@code raw[from, to)}, or null when an escape in it is malformed or a character is no byte. */
    static byte[] decode(String raw, int from, int to) {
        int length = decodedLength(raw, from, to);
        if (length < 0) {
            return null;
        }
        var bytes = new byte[length];
        int position = from;
        for (int index = 0; index < length; index++) {
            char character = raw.charAt(position);
            if (character == '%') {
                bytes[index] = (byte) (digit(raw.charAt(position + 1)) << 4 | digit(raw.charAt(position + 2)));
                position += 3;
            } else {
                bytes[index] = (byte) character;
                position++;
            }
        }
        return bytes;
    }

    /** Whether {@code raw[from, to)} decodes to itself: printable ASCII without an escape. */
    static boolean isPlain(String raw, int from, int to) {
        for (int position = from; position < to; position++) {
            char character = raw.charAt(position);
            if (character == '%' || character >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Whether two hexadecimal digits follow the percent sign at this position. */
    static boolean isEscape(String raw, int position, int to) {
        return position + 2 < to && digit(raw.charAt(position + 1)) >= 0 && digit(raw.charAt(position + 2)) >= 0;
    }

    private static int decodedLength(String raw, int from, int to) {
        int length = 0;
        int position = from;
        while (position < to) {
            char character = raw.charAt(position);
            if (character > 0xFF || (character == '%' && !isEscape(raw, position, to))) {
                return -1;
            }
            position += character == '%' ? 3 : 1;
            length++;
        }
        return length;
    }

    /**
     * The value of a hexadecimal digit, negative for anything else; Character.digit takes digits of other scripts too.
     */
    private static int digit(char character) {
        if (character >= '0' && character <= '9') {
            return character - '0';
        }
        int lower = character | 0x20;
        return lower >= 'a' && lower <= 'f' && character < 0x80 ? lower - 'a' + 10 : -1;
    }
}
