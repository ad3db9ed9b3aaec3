// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;

class JsonCheckerTest {
    @Test
    void aTextMayBeCutAnywhere() {
        var source = new RandomJson("aTextMayBeCutAnywhere");
        for (int i = 0; i < 10_000; i++) {
            byte[] bytes = i % 2 == 0 ? source.text() : source.damaged();
            var whole = catchThrowableOfType(MalformedJsonException.class, () -> JsonChecker.check(bytes, 500));
            int pieceMax = 1 + source.random.nextInt(4);
            var cut = catchThrowableOfType(MalformedJsonException.class, () -> {
                var checker = new JsonChecker(500);
                for (int at = 0; at < bytes.length; ) {
                    int length = Math.min(source.random.nextInt(pieceMax + 1), bytes.length - at);
                    checker.feed(bytes, at, length);
                    at += length;
                }
                checker.end();
            });
            assertThat(cut == null).isEqualTo(whole == null);
            if (whole != null) {
                assertThat(cut).hasMessage(whole.getMessage());
                assertThat(cut.offset()).isEqualTo(whole.offset());
            }
        }
    }

    @Test
    void lineBreaksOutsideStringsAreSeen() throws MalformedJsonException {
        assertThat(singleLine("{\"a\":\"\\n\\r\"}\t ")).isTrue();
        assertThat(singleLine("[1]\n")).isFalse();
        assertThat(singleLine("[1,\r2]")).isFalse();
        assertThat(singleLine("\n1")).isFalse();
        assertThat(singleLine("1\n")).isFalse();
    }

    @Test
    void nothingFedIsEmpty() {
        var failure = catchThrowableOfType(MalformedJsonException.class, () -> new JsonChecker(1).end());
        assertThat(failure).hasMessage("there is no value, the text is empty");
    }

    private static boolean singleLine(String text) throws MalformedJsonException {
        var checker = new JsonChecker(10);
        byte[] bytes = text.getBytes(UTF_8);
        checker.feed(bytes, 0, bytes.length);
        checker.end();
        return checker.singleLine();
    }
}
