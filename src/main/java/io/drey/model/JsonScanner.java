// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The one JSON grammar of this package: strict RFC 8259 over UTF-8 bytes that may come in pieces cut anywhere.
 * Everything that reads JSON here is built on it, so that what is accepted cannot differ between a streamed body, a
 * tree and a list of members. It keeps no text, only a stack of open containers and, where it watches for duplicates,
 * the hashes of their member names. After an exception it must not be used again. Not safe for concurrent use.
 */
final class JsonScanner {
    private static final int VALUE = 0;
    private static final int VALUE_OR_CLOSE = 1;
    private static final int NAME = 2;
    private static final int NAME_OR_CLOSE = 3;
    private static final int COLON = 4;
    private static final int AFTER_VALUE = 5;
    private static final int DONE = 6;
    private static final int STRING = 7;
    private static final int ESCAPE = 8;
    private static final int HEX = 9;
    private static final int UTF8 = 10;
    private static final int LITERAL = 11;
    // States of numbers come last; those that may end a number are told apart in numberMayEnd.
    private static final int MINUS = 12;
    private static final int ZERO = 13;
    private static final int INTEGER = 14;
    private static final int POINT = 15;
    private static final int FRACTION = 16;
    private static final int EXPONENT = 17;
    private static final int EXPONENT_SIGN = 18;
    private static final int EXPONENT_DIGITS = 19;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final int depthMax;
    private final JsonTokens tokens;
    private final boolean watchDuplicates;

    private int state = VALUE;
    private int depth;
    private boolean[] objects = new boolean[8];
    private NameSet[] names = new NameSet[8];
    private boolean lineBreakSeen;
    /** Offset in the whole text of the first byte after the pieces fed so far. */
    private long consumed;

    private long tokenStart;
    private boolean inName;
    private long hashHigh;
    private long hashLow;
    private final char[] nameHead = new char[JsonText.SHOWN_MAX + 1];
    private int nameHeadLength;

    private int pending;
    private int code;
    private int nextLow;
    private int nextHigh;
    private byte[] literal;

    /**
     * @param tokens told what is found, or null
     * @param watchDuplicates false only when the listener finds duplicates itself or the text has been checked before
     */
    JsonScanner(int depthMax, JsonTokens tokens, boolean watchDuplicates) {
        this.depthMax = depthMax;
        this.tokens = tokens;
        this.watchDuplicates = watchDuplicates;
    }

    /** Reads one whole text. */
    static void scan(byte[] bytes, int offset, int length, int depthMax, JsonTokens tokens, boolean watchDuplicates)
            throws MalformedJsonException {
        var scanner = new JsonScanner(depthMax, tokens, watchDuplicates);
        scanner.feed(bytes, offset, length);
        scanner.end();
    }

    void feed(byte[] bytes, int offset, int length) throws MalformedJsonException {
        int end = offset + length;
        long base = consumed - offset;
        int i = offset;
        while (i < end) {
            if (state >= MINUS) {
                i = number(bytes, i, end, base);
            } else if (state >= STRING) {
                i = state == LITERAL ? literal(bytes, i, end, base) : text(bytes, i, end, base);
            } else {
                structure(bytes[i], base + i);
                i++;
            }
        }
        consumed += length;
    }

    void end() throws MalformedJsonException {
        if (depth == 0 && numberMayEnd()) {
            scalarDone(consumed);
        }
        if (state == VALUE && depth == 0) {
            throw new MalformedJsonException("there is no value, the text is empty", consumed);
        }
        if (state != DONE) {
            throw new MalformedJsonException("the text ends before its value is complete", consumed);
        }
    }

    /** True while no carriage return and no line feed has been seen; inside strings the grammar forbids both. */
    boolean singleLine() {
        return !lineBreakSeen;
    }

    private void structure(byte b, long at) throws MalformedJsonException {
        if (b == ' ' || b == '\t') {
            return;
        }
        if (b == '\n' || b == '\r') {
            lineBreakSeen = true;
            return;
        }
        switch (state) {
            case VALUE -> value(b, at, "a value");
            case VALUE_OR_CLOSE -> {
                if (b == ']') {
                    close(at);
                    return;
                }
                value(b, at, "a value or ']'");
            }
            case NAME, NAME_OR_CLOSE -> name(b, at);
            case COLON -> {
                if (b != ':') {
                    throw unexpected(b, at, "':'");
                }
                state = VALUE;
            }
            case AFTER_VALUE -> afterValue(b, at);
            default -> throw unexpected(b, at, "nothing after the value");
        }
    }

    private void name(byte b, long at) throws MalformedJsonException {
        if (b == '"') {
            inName = true;
            tokenStart = at;
            hashHigh = NameSet.SEED_HIGH;
            hashLow = NameSet.SEED_LOW;
            nameHeadLength = 0;
            state = STRING;
            return;
        }
        if (b == '}' && state == NAME_OR_CLOSE) {
            close(at);
            return;
        }
        throw unexpected(b, at, state == NAME ? "a member name" : "a member name or '}'");
    }

    private void afterValue(byte b, long at) throws MalformedJsonException {
        boolean object = objects[depth - 1];
        if (b == ',') {
            state = object ? NAME : VALUE;
            return;
        }
        if (b != (object ? '}' : ']')) {
            throw unexpected(b, at, object ? "',' or '}'" : "',' or ']'");
        }
        close(at);
    }

    private void value(byte b, long at, String expected) throws MalformedJsonException {
        tokenStart = at;
        switch (b) {
            case '{' -> open(true, at);
            case '[' -> open(false, at);
            case '"' -> {
                inName = false;
                state = STRING;
            }
            case 't' -> literal(TRUE);
            case 'f' -> literal(FALSE);
            case 'n' -> literal(NULL);
            case '-' -> state = MINUS;
            case '0' -> state = ZERO;
            case '1', '2', '3', '4', '5', '6', '7', '8', '9' -> state = INTEGER;
            default -> throw unexpected(b, at, expected);
        }
    }

    private void literal(byte[] word) {
        literal = word;
        pending = 1;
        state = LITERAL;
    }

    private void open(boolean object, long at) throws MalformedJsonException {
        if (depth >= depthMax) {
            throw new MalformedJsonException("nested deeper than " + depthMax + " levels", at);
        }
        if (depth == objects.length) {
            objects = Arrays.copyOf(objects, 2 * depth);
            names = Arrays.copyOf(names, 2 * depth);
        }
        objects[depth] = object;
        if (object && watchDuplicates) {
            if (names[depth] == null) {
                names[depth] = new NameSet();
            } else {
                names[depth].clear();
            }
        }
        depth++;
        state = object ? NAME_OR_CLOSE : VALUE_OR_CLOSE;
        if (tokens != null) {
            tokens.open(object, at);
        }
    }

    private void close(long at) throws MalformedJsonException {
        depth--;
        valueDone();
        if (tokens != null) {
            tokens.close(at + 1);
        }
    }

    private void valueDone() {
        state = depth == 0 ? DONE : AFTER_VALUE;
    }

    private void scalarDone(long end) throws MalformedJsonException {
        valueDone();
        if (tokens != null) {
            tokens.scalar(tokenStart, end);
        }
    }

    private int literal(byte[] bytes, int from, int end, long base) throws MalformedJsonException {
        int i = from;
        while (i < end && pending < literal.length) {
            if (bytes[i] != literal[pending]) {
                throw unexpected(bytes[i], base + i, "'" + new String(literal, StandardCharsets.US_ASCII) + "'");
            }
            pending++;
            i++;
        }
        if (pending == literal.length) {
            scalarDone(base + i);
        }
        return i;
    }

    /** Reads on inside a string up to its end or the end of the piece. */
    private int text(byte[] bytes, int from, int end, long base) throws MalformedJsonException {
        int i = from;
        while (i < end) {
            byte b = bytes[i];
            switch (state) {
                case STRING -> {
                    if (b >= ' ' && b != '"' && b != '\\') {
                        i = plain(bytes, i, end);
                        continue;
                    }
                    if (b == '"') {
                        stringDone(base + i + 1);
                        return i + 1;
                    }
                    special(b, base + i);
                }
                case ESCAPE -> escape(b, base + i);
                case HEX -> hex(b, base + i);
                default -> continuation(b, base + i);
            }
            i++;
        }
        return i;
    }

    /** Skips a run of plain ASCII letters, the bulk of most texts. */
    private int plain(byte[] bytes, int from, int end) {
        int i = from;
        if (!inName) {
            while (i < end && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
                i++;
            }
            return i;
        }
        while (i < end && bytes[i] >= ' ' && bytes[i] != '"' && bytes[i] != '\\') {
            unit(bytes[i]);
            i++;
        }
        return i;
    }

    private void special(byte b, long at) throws MalformedJsonException {
        if (b == '\\') {
            state = ESCAPE;
            return;
        }
        if (b >= 0) {
            throw new MalformedJsonException("unescaped control character in a string", at);
        }
        int lead = b & 0xFF;
        nextLow = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
        nextHigh = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
        if (lead < 0xC2 || lead > 0xF4) {
            throw notUtf8(at);
        }
        pending = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        code = lead & 0x3F >> pending;
        state = UTF8;
    }

    private void continuation(byte b, long at) throws MalformedJsonException {
        int next = b & 0xFF;
        if (next < nextLow || next > nextHigh) {
            throw notUtf8(at);
        }
        nextLow = 0x80;
        nextHigh = 0xBF;
        code = code << 6 | next & 0x3F;
        if (--pending > 0) {
            return;
        }
        state = STRING;
        if (Character.isBmpCodePoint(code)) {
            unit(code);
            return;
        }
        unit(Character.highSurrogate(code));
        unit(Character.lowSurrogate(code));
    }

    private void escape(byte b, long at) throws MalformedJsonException {
        if (b == 'u') {
            pending = 4;
            code = 0;
            state = HEX;
            return;
        }
        int unit = JsonText.unescaped(b);
        if (unit < 0) {
            throw unexpected(b, at, "an escape such as \\n");
        }
        unit(unit);
        state = STRING;
    }

    private void hex(byte b, long at) throws MalformedJsonException {
        int digit = b < 0 ? -1 : Character.digit((char) b, 16);
        if (digit < 0) {
            throw unexpected(b, at, "four hexadecimal digits");
        }
        code = code << 4 | digit;
        if (--pending == 0) {
            unit(code);
            state = STRING;
        }
    }

    /** Takes one UTF-16 unit of a decoded name, so that a name written with escapes equals the same name without. */
    private void unit(int unit) {
        if (!inName) {
            return;
        }
        hashHigh = NameSet.mixHigh(hashHigh, unit);
        hashLow = NameSet.mixLow(hashLow, unit);
        if (nameHeadLength < nameHead.length) {
            nameHead[nameHeadLength++] = (char) unit;
        }
    }

    private void stringDone(long end) throws MalformedJsonException {
        if (!inName) {
            scalarDone(end);
            return;
        }
        if (watchDuplicates && !names[depth - 1].add(hashHigh, hashLow)) {
            throw duplicate(new String(nameHead, 0, nameHeadLength), tokenStart);
        }
        state = COLON;
        if (tokens != null) {
            tokens.name(tokenStart, end);
        }
    }

    private int number(byte[] bytes, int from, int end, long base) throws MalformedJsonException {
        int i = from;
        while (i < end) {
            byte b = bytes[i];
            if (!numberGoesOn(b)) {
                if (!numberMayEnd()) {
                    throw unexpected(b, base + i, "a digit");
                }
                if (state == ZERO && b >= '0' && b <= '9') {
                    throw new MalformedJsonException("a number must not begin with a superfluous zero", base + i);
                }
                scalarDone(base + i);
                return i;
            }
            i++;
        }
        return i;
    }

    /** Steps to the next state if the byte belongs to the number. */
    private boolean numberGoesOn(byte b) {
        boolean digit = b >= '0' && b <= '9';
        int next =
                switch (state) {
                    case MINUS -> b == '0' ? ZERO : digit ? INTEGER : -1;
                    case ZERO, INTEGER ->
                        digit && state == INTEGER ? INTEGER : b == '.' ? POINT : b == 'e' || b == 'E' ? EXPONENT : -1;
                    case POINT -> digit ? FRACTION : -1;
                    case FRACTION -> digit ? FRACTION : b == 'e' || b == 'E' ? EXPONENT : -1;
                    case EXPONENT -> digit ? EXPONENT_DIGITS : b == '+' || b == '-' ? EXPONENT_SIGN : -1;
                    default -> digit ? EXPONENT_DIGITS : -1;
                };
        if (next < 0) {
            return false;
        }
        state = next;
        return true;
    }

    private boolean numberMayEnd() {
        return state == INTEGER || state == ZERO || state == FRACTION || state == EXPONENT_DIGITS;
    }

    static MalformedJsonException duplicate(String name, long at) {
        return new MalformedJsonException("duplicate member " + JsonText.shown(name), at);
    }

    private static MalformedJsonException notUtf8(long at) {
        return new MalformedJsonException("the text is not valid UTF-8", at);
    }

    private static MalformedJsonException unexpected(byte b, long at, String expected) {
        int value = b & 0xFF;
        if (at == 0 && value == 0xEF) {
            return new MalformedJsonException("a byte order mark is not allowed", at);
        }
        String found = value > ' ' && value < 0x7F ? "'" + (char) value + "'" : String.format("byte 0x%02X", value);
        return new MalformedJsonException("expected " + expected + ", found " + found, at);
    }
}
