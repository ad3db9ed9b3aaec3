// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.nio.charset.StandardCharsets;

/** The strict definition of UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
public final class Utf8 {
    private Utf8() {}

    public static boolean isValid(byte[] bytes) {
        int position = 0;
        while (position < bytes.length) {
            if (bytes[position] >= 0) {
                position++;
                continue;
            }
            int length = sequenceLength(bytes, position);
            if (length == 0) {
                return false;
            }
            position += length;
        }
        return true;
    }

    /** The text, or null when the bytes are not UTF-8. */
    public static String decode(byte[] bytes) {
        return isValid(bytes) ? new String(bytes, StandardCharsets.UTF_8) : null;
    }

    /** How many bytes the character that starts here has (RFC 3629, section 4), 0 when there is none. */
    private static int sequenceLength(byte[] bytes, int start) {
        int first = bytes[start] & 0xFF;
        if (first >= 0xC2 && first <= 0xDF) {
            return isTail(bytes, start + 1, 0x80, 0xBF) ? 2 : 0;
        }
        if (first >= 0xE0 && first <= 0xEF) {
            // E0 would start an overlong form below A0, ED a surrogate above 9F.
            int lowest = first == 0xE0 ? 0xA0 : 0x80;
            int highest = first == 0xED ? 0x9F : 0xBF;
            return isTail(bytes, start + 1, lowest, highest) && isTail(bytes, start + 2, 0x80, 0xBF) ? 3 : 0;
        }
        if (first >= 0xF0 && first <= 0xF4) {
            // F0 would start an overlong form below 90, F4 goes beyond U+10FFFF above 8F.
            int lowest = first == 0xF0 ? 0x90 : 0x80;
            int highest = first == 0xF4 ? 0x8F : 0xBF;
            return isTail(bytes, start + 1, lowest, highest)
                            && isTail(bytes, start + 2, 0x80, 0xBF)
                            && isTail(bytes, start + 3, 0x80, 0xBF)
                    ? 4
                    : 0;
        }
        return 0;
    }

    private static boolean isTail(byte[] bytes, int position, int lowest, int highest) {
        if (position >= bytes.length) {
            return false;
        }
        int value = bytes[position] & 0xFF;
        return value >= lowest && value <= highest;
    }
}
