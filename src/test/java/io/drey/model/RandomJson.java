// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Random JSON texts for tests, with all the freedom that the grammar gives, and texts with a few bytes damaged. */
final class RandomJson {
    private static final String[] SPACES = {"", "", "", " ", "\n", "\t", "\r\n", "  "};
    private static final String[] PIECES = {
        "a",
        "b",
        "key",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0000",
        "\\u00e9",
        "\\ud83d\\ude00",
        "\\ud800",
        "\\uDFFF",
        "\u00e9",
        "\u20ac",
        "\ud83d\ude00",
        "\u007f",
        "/",
        "~"
    };
    private static final String[] NUMBERS = {
        "0", "-0", "1", "-1", "10", "1.0", "0.10", "1e5", "1E+05", "1e-0", "123456789012345678901234567890", "-0.0e-00"
    };

    final Random random;

    RandomJson(String test) {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        System.out.println(test + ": -Ddrey.seed=" + seed);
        random = new Random(seed);
    }

    byte[] text() {
        var text = new StringBuilder();
        value(text, 4);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    byte[] damaged() {
        byte[] bytes = text();
        int damages = 1 + random.nextInt(2);
        for (int i = 0; i < damages; i++) {
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte)
                    (random.nextBoolean() ? random.nextInt(256) : "{}[],:\"\\0-+.eE tfn/".charAt(random.nextInt(19)));
        }
        return bytes;
    }

    void value(StringBuilder text, int depth) {
        space(text);
        switch (random.nextInt(depth > 0 ? 7 : 4)) {
            case 0 -> text.append(pick("true", "false", "null"));
            case 1, 2 -> text.append(pick(NUMBERS));
            case 3 -> string(text);
            case 4 -> array(text, depth);
            default -> object(text, depth);
        }
        space(text);
    }

    private void array(StringBuilder text, int depth) {
        text.append('[');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : ",");
            value(text, depth - 1);
        }
        space(text);
        text.append(']');
    }

    private void object(StringBuilder text, int depth) {
        text.append('{');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(i == 0 ? "" : ",");
            space(text);
            string(text);
            space(text);
            text.append(':');
            value(text, depth - 1);
        }
        space(text);
        text.append('}');
    }

    private void string(StringBuilder text) {
        text.append('"');
        int size = random.nextInt(4);
        for (int i = 0; i < size; i++) {
            text.append(pick(PIECES));
        }
        text.append('"');
    }

    private void space(StringBuilder text) {
        text.append(pick(SPACES));
    }

    private String pick(String... choices) {
        return choices[random.nextInt(choices.length)];
    }
}
