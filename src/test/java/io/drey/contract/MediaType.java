// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import java.util.Locale;
import java.util.regex.Pattern;

/** Compares a {@code Content-Type} with the types and ranges of the document, such as {@code application/*+json}. */
final class MediaType {
    private MediaType() {}

    /** The type without parameters, in lower case. */
    static String essence(String contentType) {
        return contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    }

    static boolean matches(String range, String essence) {
        var pattern = Pattern.quote(range).replace("*", "\\E[^/]+\\Q");
        return essence.matches(pattern);
    }

    static boolean isJson(String essence) {
        return essence.equals("application/json") || essence.endsWith("+json");
    }
}
