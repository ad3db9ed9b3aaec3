// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.model.Json;
import io.drey.model.MalformedJsonException;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Reads what a {@link WireWriter} wrote, from a position up to the end of a buffer. Nothing is allocated for a length
 * before it is known that as many bytes are there; whatever does not fit is a {@link WireException}.
 */
final class WireReader {
    /** A multiple of what operations and results may have, so that walking a tree cannot exhaust the stack. */
    private static final int JSON_DEPTH_MAX = 2_000;

    private static final int UTF_16_BYTES = 2;
    private static final char REPLACEMENT = '\uFFFD';

    private final Buffer from;
    private int position;

    WireReader(Buffer from, int position) {
        this.from = from;
        this.position = position;
    }

    /** Reads one message that goes from the position to the end of the buffer. */
    static <T> T whole(Buffer from, int position, Function<WireReader, T> message) {
        var in = new WireReader(from, position);
        T read = message.apply(in);
        if (in.remaining() > 0) {
            throw new WireException("a message is followed by " + in.remaining() + " bytes that do not belong to it");
        }
        return read;
    }

    /** Where the next read begins. */
    int position() {
        return position;
    }

    int remaining() {
        return from.length() - position;
    }

    /** The byte at the beginning of a message that names its format. */
    void format(String message, int known) {
        int found = int8();
        if (found != known) {
            throw new UnknownFormatException("the format of " + message, found);
        }
    }

    int int8() {
        return from.getByte(advance(Byte.BYTES));
    }

    int int32() {
        return from.getInt(advance(Integer.BYTES));
    }

    long int64() {
        return from.getLong(advance(Long.BYTES));
    }

    boolean flag() {
        int found = int8();
        if (found != 0 && found != 1) {
            throw new WireException("expected a flag, found " + found);
        }
        return found == 1;
    }

    /** A number of elements that take at least {@code bytesEach} each. */
    int count(int bytesEach) {
        int count = int32();
        if (count < 0 || count > remaining() / bytesEach) {
            throw new WireException(count + " elements announced where " + remaining() + " bytes are left");
        }
        return count;
    }

    void skip(int bytes) {
        advance(bytes);
    }

    byte[] bytes() {
        int length = count(1);
        int start = advance(length);
        return from.getBytes(start, start + length);
    }

    /** Null where null was written. */
    String textOrNull() {
        int encoding = int8();
        return switch (encoding) {
            case WireWriter.ABSENT -> null;
            case WireWriter.UTF_8 -> utf8(bytes());
            case WireWriter.UTF_16 -> utf16();
            default -> throw new UnknownFormatException("an encoding of text", encoding);
        };
    }

    String text() {
        String text = textOrNull();
        if (text == null) {
            throw new WireException("a text is missing");
        }
        return text;
    }

    JsonNode json() {
        try {
            return Json.parse(bytes(), JSON_DEPTH_MAX);
        } catch (MalformedJsonException e) {
            throw new WireException("malformed JSON", e);
        }
    }

    private int advance(int bytes) {
        if (bytes > remaining()) {
            throw new WireException("a message ends where " + bytes + " more bytes were expected");
        }
        int start = position;
        position += bytes;
        return start;
    }

    /** Java puts a replacement character for what is no UTF-8, so only texts that have one need a closer look. */
    private static String utf8(byte[] bytes) {
        var text = new String(bytes, StandardCharsets.UTF_8);
        if (text.indexOf(REPLACEMENT) >= 0 && !Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            throw new WireException("a text is no UTF-8");
        }
        return text;
    }

    private String utf16() {
        var units = new char[count(UTF_16_BYTES)];
        for (int i = 0; i < units.length; i++) {
            units[i] = (char) from.getUnsignedShort(advance(UTF_16_BYTES));
        }
        return new String(units);
    }
}
