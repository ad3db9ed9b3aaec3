// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.util.ArrayList;
import java.util.List;

/**
 * The value of If-Match or If-None-Match (RFC 9110, 8.8.3 and 13.1). The tag of a record is its version in quotes;
 * tags that name no version are legal and match nothing. Version 0 stands for an absent record, which nothing matches,
 * not even the asterisk.
 */
public final class EntityTags {
    private static final long VERSION_MAX = (1L << 53) - 1;

    private final boolean any;
    private final long[] strong;
    private final long[] weak;

    private EntityTags(boolean any, long[] strong, long[] weak) {
        this.any = any;
        this.strong = strong;
        this.weak = weak;
    }

    public static String of(long version) {
        return '"' + Long.toString(version) + '"';
    }

    public static String weak(long version) {
        return "W/" + of(version);
    }

    /**
     * @param lines the header's lines, at least one
     * @throws ProblemException 400 when they are not a list of tags or one asterisk, or name no tag at all
     */
    public static EntityTags parse(List<String> lines) {
        var value = lines.size() == 1 ? lines.get(0) : String.join(",", lines);
        return new Parser(value).parse();
    }

    /** Whether the header is the asterisk, which matches every present record. */
    public boolean any() {
        return any;
    }

    /** What If-Match asks: whether the asterisk or a strong tag matches the version. */
    public boolean strongMatch(long version) {
        return version > 0 && (any || contains(strong, version));
    }

    /** What If-None-Match asks: whether the asterisk or any tag, weak or strong, matches the version. */
    public boolean weakMatch(long version) {
        return version > 0 && (any || contains(weak, version));
    }

    /** The versions that match by strong comparison; empty for the asterisk. */
    public long[] strongVersions() {
        return strong.clone();
    }

    /** The versions that match by weak comparison, those of strong tags too; empty for the asterisk. */
    public long[] weakVersions() {
        return weak.clone();
    }

    private static boolean contains(long[] versions, long version) {
        for (long each : versions) {
            if (each == version) {
                return true;
            }
        }
        return false;
    }

    /** The version that an opaque tag is in its one canonical form, else 0. */
    private static long version(String text, int from, int to) {
        // 2^53 has 16 digits.
        if (from == to || to - from > 16 || text.charAt(from) == '0') {
            return 0;
        }
        long version = 0;
        for (int position = from; position < to; position++) {
            int digit = text.charAt(position) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            version = version * 10 + digit;
        }
        return version <= VERSION_MAX ? version : 0;
    }

    /** Reads one value from left to right. */
    private static final class Parser {
        private final String text;
        private final List<Long> strong = new ArrayList<>();
        private final List<Long> weak = new ArrayList<>();
        private int position;

        Parser(String text) {
            this.text = text;
        }

        EntityTags parse() {
            if (text.strip().equals("*")) {
                return new EntityTags(true, new long[0], new long[0]);
            }
            int tags = 0;
            boolean separated = true;
            while (position < text.length()) {
                char character = text.charAt(position);
                if (character == ',') {
                    separated = true;
                    position++;
                } else if (character == ' ' || character == '\t') {
                    position++;
                } else if (separated) {
                    separated = false;
                    tags++;
                    tag();
                } else {
                    throw malformed();
                }
            }
            if (tags == 0) {
                throw malformed();
            }
            return new EntityTags(false, array(strong), array(weak));
        }

        private void tag() {
            boolean isWeak = text.startsWith("W/", position);
            int open = isWeak ? position + 2 : position;
            if (open >= text.length() || text.charAt(open) != '"') {
                throw malformed();
            }
            int close = open + 1;
            while (close < text.length() && isTagCharacter(text.charAt(close))) {
                close++;
            }
            if (close >= text.length() || text.charAt(close) != '"') {
                throw malformed();
            }
            position = close + 1;
            long version = version(text, open + 1, close);
            if (version > 0) {
                weak.add(version);
                if (!isWeak) {
                    strong.add(version);
                }
            }
        }

        private static boolean isTagCharacter(char character) {
            return character > ' ' && character != '"' && character != 0x7F && character <= 0xFF;
        }

        private static long[] array(List<Long> versions) {
            return versions.stream().mapToLong(Long::longValue).toArray();
        }

        private static ProblemException malformed() {
            return Problem.malformed("If-Match and If-None-Match take an asterisk or a list of tags in double quotes.")
                    .exception();
        }
    }
}
