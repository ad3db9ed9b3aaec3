// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes a tree as compact UTF-8. Jackson's own generator for bytes refuses lone surrogates, which JSON allows as
 * escapes; this one writes them as such. Recursive: the depth of a tree is bounded where it enters.
 */
final class JsonWriter {
    private static final String HEX = "0123456789abcdef";

    private byte[] buffer = new byte[128];
    private int length;

    byte[] bytes() {
        return Arrays.copyOf(buffer, length);
    }

    void write(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY -> array(node);
            case NUMBER -> number(node);
            case BOOLEAN -> ascii(node.booleanValue() ? "true" : "false");
            case NULL, MISSING -> ascii("null");
            case STRING, BINARY, POJO -> string(node.asText());
        }
    }

    private void object(JsonNode node) {
        put('{');
        boolean first = true;
        for (var member : node.properties()) {
            if (!first) {
                put(',');
            }
            first = false;
            string(member.getKey());
            put(':');
            write(member.getValue());
        }
        put('}');
    }

    private void array(JsonNode node) {
        put('[');
        for (int i = 0; i < node.size(); i++) {
            if (i > 0) {
                put(',');
            }
            write(node.get(i));
        }
        put(']');
    }

    private void number(JsonNode node) {
        if (!Json.isFiniteNumber(node)) {
            throw new IllegalArgumentException("JSON has no way to write " + node.asText());
        }
        ascii(node.asText());
    }

    private void string(String text) {
        put('"');
        int end = text.length();
        reserve(end);
        for (int i = 0; i < end; i++) {
            char unit = text.charAt(i);
            if (unit >= ' ' && unit < 0x80 && unit != '"' && unit != '\\') {
                put(unit);
            } else if (unit < 0x80) {
                escaped(unit);
            } else if (!Character.isSurrogate(unit)) {
                encoded(unit);
            } else if (Character.isHighSurrogate(unit) && i + 1 < end && Character.isLowSurrogate(text.charAt(i + 1))) {
                encoded(text.codePointAt(i));
                i++;
            } else {
                unicodeEscape(unit);
            }
        }
        put('"');
    }

    private void escaped(char unit) {
        switch (unit) {
            case '"', '\\' -> letterEscape(unit);
            case '\b' -> letterEscape('b');
            case '\f' -> letterEscape('f');
            case '\n' -> letterEscape('n');
            case '\r' -> letterEscape('r');
            case '\t' -> letterEscape('t');
            case 0x7F -> put(unit);
            default -> unicodeEscape(unit);
        }
    }

    private void letterEscape(char letter) {
        put('\\');
        put(letter);
    }

    private void unicodeEscape(char unit) {
        letterEscape('u');
        for (int bits = 12; bits >= 0; bits -= 4) {
            put(HEX.charAt(unit >> bits & 0xF));
        }
    }

    private void encoded(int code) {
        if (code < 0x800) {
            put(0xC0 | code >> 6);
        } else {
            if (code < 0x10000) {
                put(0xE0 | code >> 12);
            } else {
                put(0xF0 | code >> 18);
                put(0x80 | code >> 12 & 0x3F);
            }
            put(0x80 | code >> 6 & 0x3F);
        }
        put(0x80 | code & 0x3F);
    }

    private void ascii(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.ISO_8859_1);
        reserve(encoded.length);
        System.arraycopy(encoded, 0, buffer, length, encoded.length);
        length += encoded.length;
    }

    private void put(int b) {
        if (length == buffer.length) {
            reserve(1);
        }
        buffer[length++] = (byte) b;
    }

    private void reserve(int more) {
        if (buffer.length - length < more) {
            long wanted = Math.max(2L * buffer.length, (long) length + more);
            buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
        }
    }
}
