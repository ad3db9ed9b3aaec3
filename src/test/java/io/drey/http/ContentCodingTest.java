// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ContentCodingTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip | GZIP",
                "x-gzip | GZIP",
                "GZip;q=0.5 | GZIP",
                "gzip, deflate | GZIP",
                "gzip, deflate, br | BR",
                "br | BR",
                "BR;q=0.1 | BR",
                "gzip;q=1.0, br;q=0.9 | GZIP",
                "gzip;q=0.5, br;q=0.9 | BR",
                "br;q=0, gzip | GZIP",
                "br;q=0 | IDENTITY",
                "* | GZIP",
                "*;q=0.001 | GZIP",
                "*;q=0 | IDENTITY",
                "*, gzip;q=0 | IDENTITY",
                "gzip;q=0, br | BR",
                "deflate | IDENTITY",
                "identity | IDENTITY",
                "identity, gzip | GZIP",
                "identity;q=1, gzip;q=0.5 | IDENTITY",
                "identity;q=1, *;q=0.5 | IDENTITY",
                "identity;q=0 | IDENTITY",
                "identity;q=0, gzip;q=0.1 | GZIP",
                "gzip;q=nonsense | IDENTITY",
                "gzip;q=1.001 | IDENTITY",
                ", ,gzip | GZIP",
                "'' | IDENTITY"
            })
    void bestAllowedCodingIsChosen(String acceptEncoding, ContentCoding expected) {
        assertThat(ContentCoding.negotiate(acceptEncoding)).isEqualTo(expected);
    }

    @Test
    void withoutAHeaderNothingIsCoded() {
        assertThat(ContentCoding.negotiate(null)).isEqualTo(ContentCoding.IDENTITY);
    }

    @Test
    void textsAreCompressibleAndEventStreamsAreNot() {
        for (var type : new String[] {
            "text/plain",
            "TEXT/html;charset=utf-8",
            "application/json",
            "application/problem+json",
            "application/atom+xml",
            "application/xml",
            "application/javascript",
            "image/svg+xml",
            "application/x-ndjson"
        }) {
            assertThat(ContentCoding.compressible(type)).as(type).isTrue();
        }
        for (var type :
                new String[] {null, "", "text/event-stream", "image/png", "application/octet-stream", "application/zip"
                }) {
            assertThat(ContentCoding.compressible(type)).as(type).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void codedBytesDecodeToThemselves(ContentCoding coding) {
        for (int length : new int[] {0, 1, 1000, 300_000}) {
            var plain =
                    "abcdefghij".repeat(length / 10 + 1).substring(0, length).getBytes(StandardCharsets.UTF_8);
            assertThat(decoded(coding, coding.encode(plain))).isEqualTo(plain);
        }
    }

    @ParameterizedTest
    @EnumSource
    void flushedPiecesCanBeDecodedBeforeTheEnd(ContentCoding coding) {
        var coded = Buffer.buffer();
        try (var encoder = coding.encoder()) {
            for (int line = 0; line < 50; line++) {
                coded.appendBytes(encoder.update(("line " + line + "\n").getBytes(StandardCharsets.UTF_8)));
                coded.appendBytes(encoder.flush());
                assertThat(startOf(coding, coded)).endsWith("line " + line + "\n");
            }
            coded.appendBytes(encoder.finish());
        }
        assertThat(new String(decoded(coding, coded.getBytes()), StandardCharsets.UTF_8))
                .startsWith("line 0\nline 1\n")
                .endsWith("line 49\n");
    }

    @Test
    void gzipIsReadByThePlatform() throws IOException {
        var plain = "text ".repeat(100).getBytes(StandardCharsets.UTF_8);
        var coded = ContentCoding.GZIP.encode(plain);
        assertThat(coded).hasSizeLessThan(plain.length);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(coded)).readAllBytes())
                .isEqualTo(plain);
    }

    @ParameterizedTest
    @EnumSource
    void encoderThatIsBrokenOffCanBeClosedTwice(ContentCoding coding) {
        var encoder = coding.encoder();
        encoder.update(new byte[10]);
        encoder.close();
        encoder.close();
    }

    private static byte[] decoded(ContentCoding coding, byte[] coded) {
        if (coding == ContentCoding.IDENTITY) {
            return coded;
        }
        var plain = Buffer.buffer();
        try (var decoder = RequestDecoder.of(List.of(coding.token()))) {
            decoder.feed(Buffer.buffer(coded), plain::appendBuffer);
            decoder.end(plain::appendBuffer);
        }
        return plain.getBytes();
    }

    private static String startOf(ContentCoding coding, Buffer coded) {
        if (coding == ContentCoding.IDENTITY) {
            return coded.toString();
        }
        var plain = Buffer.buffer();
        try (var decoder = RequestDecoder.of(List.of(coding.token()))) {
            decoder.feed(coded, plain::appendBuffer);
        }
        return plain.toString();
    }
}
