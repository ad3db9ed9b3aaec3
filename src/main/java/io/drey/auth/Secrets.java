// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.auth;

import java.security.SecureRandom;

/** Random ids and secrets, in letters and digits. */
public final class Secrets {
    private static final String ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final int ID_LENGTH = 17;
    private static final int SECRET_LENGTH = 43;
    private static final SecureRandom RANDOM = new SecureRandom();

    private Secrets() {}

    /** 17 letters and digits: about 101 bits. */
    public static String id() {
        return text(ID_LENGTH);
    }

    /** A token's secret: 43 letters and digits, about 256 bits, behind a mark that scanners for leaks can know. */
    public static String token() {
        return "drey_" + text(SECRET_LENGTH);
    }

    private static String text(int length) {
        var text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            text.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
        }
        return text.toString();
    }
}
