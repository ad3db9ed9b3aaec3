// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.util.Arrays;

/**
 * The target of a request (RFC 9112, 3.2) taken apart before any router sees it. The path is split at its raw slashes,
 * then each segment is decoded exactly once; nothing is resolved, merged or dropped. So an escaped slash stays within
 * its segment, dot segments are segments like others, and a path that ends with a slash has an empty last segment. The
 * path "/" is one empty segment, the target "*" has none. Segments are decoded when asked for; those who need one
 * twice should keep it.
 */
public final class RequestTarget {
    private final String path;
    private final String query;

    /** Where each segment starts in the path, and one entry more: where the segment after the last would start. */
    private final int[] starts;

    private RequestTarget(String path, String query, int[] starts) {
        this.path = path;
        this.query = query;
        this.starts = starts;
    }

    /**
     * Takes the origin form, the absolute form with http or https, and the asterisk.
     *
     * @throws ProblemException 400 for every other form, a malformed escape in the path, and blanks, control
     *     characters or "#"
     */
    public static RequestTarget parse(String raw) {
        if (raw == null || raw.isEmpty()) {
            throw malformed("The request target is empty.");
        }
        if (raw.equals("*")) {
            return new RequestTarget(raw, null, new int[] {0});
        }
        int pathStart = raw.charAt(0) == '/' ? 0 : authorityEnd(raw);
        int question = raw.indexOf('?', pathStart);
        int pathEnd = question < 0 ? raw.length() : question;
        var query = question < 0 ? null : raw.substring(question + 1);
        var path = pathStart == pathEnd ? "/" : raw.substring(pathStart, pathEnd);
        if (query != null) {
            for (int position = 0; position < query.length(); position++) {
                checkCharacter(query.charAt(position));
            }
        }
        return new RequestTarget(path, query, split(path));
    }

    /** How many segments the path has. */
    public int size() {
        return starts.length - 1;
    }

    /** The decoded bytes of a segment, counted from 0. */
    public byte[] segment(int index) {
        return PercentCoding.decode(path, starts[index], end(index));
    }

    /** The decoded text of a segment, or null when its bytes are not UTF-8. */
    public String text(int index) {
        if (PercentCoding.isPlain(path, starts[index], end(index))) {
            return path.substring(starts[index], end(index));
        }
        return Utf8.decode(segment(index));
    }

    public boolean isValidUtf8(int index) {
        return PercentCoding.isPlain(path, starts[index], end(index)) || Utf8.isValid(segment(index));
    }

    /** Whether the decoded segment is "." or "..", however it was written. */
    public boolean isDotSegment(int index) {
        // Not longer than two escapes, so that the common segment costs no decoding.
        if (end(index) - starts[index] > 6) {
            return false;
        }
        var text = text(index);
        return ".".equals(text) || "..".equals(text);
    }

    /** The path as it was sent, beginning with a slash. */
    public String path() {
        return path;
    }

    /** What was sent after the first question mark, or null when there was none. */
    public String query() {
        return query;
    }

    private int end(int index) {
        return starts[index + 1] - 1;
    }

    /** Checks each character of the path on the way, so that decoding a segment cannot fail later. */
    private static int[] split(String path) {
        var starts = new int[8];
        int count = 0;
        for (int position = 0; position < path.length(); position++) {
            char character = path.charAt(position);
            if (character == '/') {
                starts = count + 2 > starts.length ? Arrays.copyOf(starts, 2 * starts.length) : starts;
                starts[count++] = position + 1;
            } else if (character == '%') {
                if (!PercentCoding.isEscape(path, position, path.length())) {
                    throw malformed("The path has a percent sign that two hexadecimal digits do not follow.");
                }
                position += 2;
            } else {
                checkCharacter(character);
            }
        }
        starts[count++] = path.length() + 1;
        return Arrays.copyOf(starts, count);
    }

    private static void checkCharacter(char character) {
        if (character <= ' ' || character == '#' || character == 0x7F || character > 0xFF) {
            throw malformed("The request target has a character that must be escaped.");
        }
    }

    /** Where the path starts in the absolute form. */
    private static int authorityEnd(String raw) {
        int authority = raw.regionMatches(true, 0, "http://", 0, 7)
                ? 7
                : raw.regionMatches(true, 0, "https://", 0, 8) ? 8 : raw.length();
        int end = authority;
        while (end < raw.length() && raw.charAt(end) != '/' && raw.charAt(end) != '?') {
            checkCharacter(raw.charAt(end));
            end++;
        }
        if (end == authority) {
            throw malformed("The request target is neither a path nor an http URL.");
        }
        return end;
    }

    private static ProblemException malformed(String detail) {
        return Problem.malformed(detail).exception();
    }
}
