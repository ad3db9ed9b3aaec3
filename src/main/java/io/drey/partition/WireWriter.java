// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.model.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;

/**
 * Appends the parts of a message to a buffer, numbers with their highest byte first. {@link WireReader} has a method of
 * the same name for each of these.
 */
final class WireWriter {
    static final int ABSENT = 0;
    static final int UTF_8 = 1;
    static final int UTF_16 = 2;

    private final Buffer to;

    WireWriter(Buffer to) {
        this.to = to;
    }

    void int8(int number) {
        to.appendByte((byte) number);
    }

    void int32(int number) {
        to.appendInt(number);
    }

    void int64(long number) {
        to.appendLong(number);
    }

    void flag(boolean flag) {
        int8(flag ? 1 : 0);
    }

    void bytes(byte[] bytes) {
        int32(bytes.length);
        to.appendBytes(bytes);
    }

    /** Any string, null too. Unpaired surrogates have no place in UTF-8, so a text with surrogates goes as UTF-16. */
    void text(String text) {
        if (text == null) {
            int8(ABSENT);
        } else if (hasSurrogates(text)) {
            int8(UTF_16);
            int32(text.length());
            for (int i = 0; i < text.length(); i++) {
                to.appendUnsignedShort(text.charAt(i));
            }
        } else {
            int8(UTF_8);
            bytes(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A tree as its text, which keeps the order of members and the digits of every number. */
    void json(JsonNode node) {
        bytes(Json.write(node));
    }

    private static boolean hasSurrogates(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return true;
            }
        }
        return false;
    }
}
