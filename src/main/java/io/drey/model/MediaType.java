// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.util.Locale;

/**
 * Questions about the values of Content-Type (RFC 9110, 8.3.1). A null value is no type at all.
 */
public final class MediaType {
    public static final String JSON = "application/json";
    public static final String NDJSON = "application/x-ndjson";
    public static final String OCTET_STREAM = "application/octet-stream";

    /** Longest value that a record may have, in characters. */
    public static final int LENGTH_MAX = 1024;

    private static final String TOKEN_PUNCTUATION = "!#$%&'*+-.^_`|~";

    private MediaType() {}

    /** Type and subtype in lower case, without parameters; empty when there is no value. */
    public static String essence(String contentType) {
        if (contentType == null) {
            return "";
        }
        int semicolon = contentType.indexOf(';');
        var essence = semicolon < 0 ? contentType : contentType.substring(0, semicolon);
        return essence.strip().toLowerCase(Locale.ROOT);
    }

    /** Whether values of this type must be JSON: application/json and everything that ends with +json. */
    public static boolean isJson(String contentType) {
        if (JSON.equals(contentType)) {
            return true;
        }
        var essence = essence(contentType);
        return essence.equals(JSON) || hasSuffix(essence, "+json");
    }

    /** Whether a browser may run scripts found in such a document, so that it must be served in a sandbox. */
    public static boolean isActive(String contentType) {
        if (JSON.equals(contentType)) {
            return false;
        }
        var essence = essence(contentType);
        return essence.equals("text/html")
                || essence.equals("text/xml")
                || essence.equals("text/xsl")
                || essence.equals("application/xml")
                || essence.equals("multipart/x-mixed-replace")
                || hasSuffix(essence, "+xml");
    }

    /**
     * Whether the value is a media type with any number of parameters, in ASCII, at most {@value #LENGTH_MAX}
     * characters. Everything stored has passed here, so that a Content-Type can never break a header apart.
     */
    public static boolean isValid(String contentType) {
        if (contentType.length() > LENGTH_MAX) {
            return false;
        }
        int slash = token(contentType, 0);
        if (slash <= 0 || slash >= contentType.length() || contentType.charAt(slash) != '/') {
            return false;
        }
        int position = token(contentType, slash + 1);
        return position > slash + 1 && areParameters(contentType, position);
    }

    private static boolean areParameters(String text, int start) {
        int position = blanks(text, start);
        while (position < text.length()) {
            if (text.charAt(position) != ';') {
                return false;
            }
            position = blanks(text, position + 1);
            int nameEnd = token(text, position);
            // A semicolon that nothing follows is legal.
            if (nameEnd > position) {
                position = parameterValue(text, nameEnd);
                if (position < 0) {
                    return false;
                }
            }
            position = blanks(text, position);
        }
        // Blanks around the value belong to the header line, not to the value.
        return text.isEmpty() || !Character.isWhitespace(text.charAt(text.length() - 1));
    }

    /** Where the value after a parameter's name ends, negative when it is none. */
    private static int parameterValue(String text, int nameEnd) {
        if (nameEnd >= text.length() || text.charAt(nameEnd) != '=') {
            return -1;
        }
        int start = nameEnd + 1;
        if (start < text.length() && text.charAt(start) == '"') {
            return quoted(text, start + 1);
        }
        int end = token(text, start);
        return end > start ? end : -1;
    }

    private static int quoted(String text, int start) {
        for (int position = start; position < text.length(); position++) {
            char character = text.charAt(position);
            if (character == '"') {
                return position + 1;
            }
            if (character == '\\') {
                position++;
                character = position < text.length() ? text.charAt(position) : 0;
            }
            if (character != '\t' && (character < ' ' || character > '~')) {
                return -1;
            }
        }
        return -1;
    }

    private static int token(String text, int start) {
        int position = start;
        while (position < text.length() && isTokenCharacter(text.charAt(position))) {
            position++;
        }
        return position;
    }

    private static boolean isTokenCharacter(char character) {
        return character >= '0' && character <= '9'
                || character >= 'a' && character <= 'z'
                || character >= 'A' && character <= 'Z'
                || TOKEN_PUNCTUATION.indexOf(character) >= 0;
    }

    private static int blanks(String text, int start) {
        int position = start;
        while (position < text.length() && (text.charAt(position) == ' ' || text.charAt(position) == '\t')) {
            position++;
        }
        return position;
    }

    private static boolean hasSuffix(String essence, String suffix) {
        int slash = essence.indexOf('/');
        return slash > 0 && essence.endsWith(suffix) && essence.length() > slash + 1 + suffix.length();
    }
}
