// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestTargetTest {
    @Test
    void escapedSlashStaysWithinItsSegment() {
        assertThat(texts("/v1/a%2Fb/c%2fd")).containsExactly("v1", "a/b", "c/d");
    }

    @Test
    void everySegmentIsDecodedExactlyOnce() {
        assertThat(texts("/%2541/%25/a+b/%2B/%41")).containsExactly("%41", "%", "a+b", "+", "A");
    }

    @Test
    void emptyAndDotSegmentsAreKept() {
        assertThat(texts("/records/")).containsExactly("records", "");
        assertThat(texts("/")).containsExactly("");
        assertThat(texts("//a//")).containsExactly("", "a", "", "");
        var target = RequestTarget.parse("/./../%2E/%2e%2E/.%2e/.../a.b/..%2F");
        assertThat(texts("/./../%2E/%2e%2E/.%2e/.../a.b/..%2F"))
                .containsExactly(".", "..", ".", "..", "..", "...", "a.b", "../");
        assertThat(IntStream.range(0, target.size()).mapToObj(target::isDotSegment))
                .containsExactly(true, true, true, true, true, false, false, false);
    }

    @Test
    void everyByteReachesItsSegment() {
        var path = new StringBuilder("/");
        for (int value = 0; value < 256; value++) {
            path.append('%').append(value < 16 ? "0" : "").append(Integer.toHexString(value));
        }
        var bytes = RequestTarget.parse(path.toString()).segment(0);
        assertThat(bytes).hasSize(256);
        for (int value = 0; value < 256; value++) {
            assertThat(bytes[value] & 0xFF).isEqualTo(value);
        }
    }

    @Test
    void bytesThatAreNotUtf8HaveNoText() {
        var target = RequestTarget.parse("/%FF/%C3%A9/\u00c3\u00a9/\u00ff/%00");
        assertThat(target.text(0)).isNull();
        assertThat(target.isValidUtf8(0)).isFalse();
        assertThat(target.text(1)).isEqualTo("\u00e9");
        // Bytes that the client did not escape arrive as characters of the same number.
        assertThat(target.text(2)).isEqualTo("\u00e9");
        assertThat(target.isValidUtf8(2)).isTrue();
        assertThat(target.isValidUtf8(3)).isFalse();
        assertThat(target.segment(4)).containsExactly(0);
    }

    @Test
    void queryIsSplitOffRaw() {
        assertThat(RequestTarget.parse("/a").query()).isNull();
        assertThat(RequestTarget.parse("/a?").query()).isEmpty();
        var target = RequestTarget.parse("/a%3Fb?x=/%zz?y");
        assertThat(target.path()).isEqualTo("/a%3Fb");
        assertThat(target.text(0)).isEqualTo("a?b");
        assertThat(target.query()).isEqualTo("x=/%zz?y");
    }

    @Test
    void absoluteFormIsReadLikeThePathIn() {
        assertThat(texts("http://host:80/v1/a%2Fb")).containsExactly("v1", "a/b");
        assertThat(texts("HTTPS://host/")).containsExactly("");
        assertThat(RequestTarget.parse("http://host").path()).isEqualTo("/");
        var target = RequestTarget.parse("http://host?a=b");
        assertThat(target.path()).isEqualTo("/");
        assertThat(target.query()).isEqualTo("a=b");
        // A path that only looks like an authority is a path.
        assertThat(texts("//host/a")).containsExactly("", "host", "a");
    }

    @Test
    void asteriskHasNoSegments() {
        assertThat(RequestTarget.parse("*").size()).isZero();
        assertThat(RequestTarget.parse("*").path()).isEqualTo("*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a/b",
                "/%",
                "/a%4",
                "/%4/1",
                "/%zz",
                "/%4g",
                "/%-1",
                "/%+1",
                "/%%41",
                "/% 1",
                "/a b",
                "/a\tb",
                "/a\u0000",
                "/a#b",
                "/a?b#c",
                "/a?b c",
                "/\u0141",
                "/%\uff11\uff11",
                "/\u007f",
                "host:80",
                "http://",
                "http:///a",
                "ftp://host/a",
                "**"
            })
    void malformedTargetsAreRefused(String raw) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> RequestTarget.parse(raw))
                .satisfies(refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.MALFORMED));
    }

    @Test
    void manySegmentsAreCounted() {
        assertThat(RequestTarget.parse("/a".repeat(1000)).size()).isEqualTo(1000);
        assertThat(texts("/a/b/c/d/e/f/g/h/i").get(8)).isEqualTo("i");
    }

    private static List<String> texts(String raw) {
        var target = RequestTarget.parse(raw);
        return IntStream.range(0, target.size()).mapToObj(target::text).toList();
    }
}
