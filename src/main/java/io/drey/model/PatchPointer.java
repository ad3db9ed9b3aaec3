// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.util.ArrayList;
import java.util.List;

/** A JSON Pointer, RFC 6901, as a JSON Patch uses it: the names and indexes on the way from the root. */
record PatchPointer(String text, List<String> tokens) {
    static PatchPointer parse(String text) throws MalformedJsonException {
        if (text.isEmpty()) {
            return new PatchPointer(text, List.of());
        }
        if (text.charAt(0) != '/') {
            throw new MalformedJsonException("pointer " + JsonText.shown(text) + " must begin with a slash", -1);
        }
        var tokens = new ArrayList<String>();
        int start = 1;
        while (start <= text.length()) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            tokens.add(unescape(text, text.substring(start, end)));
            start = end + 1;
        }
        return new PatchPointer(text, List.copyOf(tokens));
    }

    boolean isRoot() {
        return tokens.isEmpty();
    }

    String last() {
        return tokens.get(tokens.size() - 1);
    }

    /** Whether the other pointer leads somewhere inside the value that this one leads to. */
    boolean isProperPrefixOf(PatchPointer other) {
        return tokens.size() < other.tokens.size() && tokens.equals(other.tokens.subList(0, tokens.size()));
    }

    private static String unescape(String text, String token) throws MalformedJsonException {
        for (int tilde = token.indexOf('~'); tilde >= 0; tilde = token.indexOf('~', tilde + 1)) {
            char next = tilde + 1 < token.length() ? token.charAt(tilde + 1) : ' ';
            if (next != '0' && next != '1') {
                throw new MalformedJsonException(
                        "pointer " + JsonText.shown(text) + " has a tilde that is followed by neither 0 nor 1", -1);
            }
        }
        // In this order: "~01" means "~1", not a slash.
        return token.replace("~1", "/").replace("~0", "~");
    }
}
