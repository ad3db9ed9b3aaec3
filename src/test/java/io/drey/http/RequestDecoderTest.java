// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {
    private static final String[] CODINGS = {"gzip", "deflate", "br", "raw"};
    private static final byte[] TEXT =
            "some text, some more text, ".repeat(20_000).getBytes(StandardCharsets.UTF_8);

    @Test
    void identityNeedsNoDecoder() {
        assertThat(RequestDecoder.of(List.of())).isNull();
        assertThat(RequestDecoder.of(List.of("identity"))).isNull();
        assertThat(RequestDecoder.of(List.of(" Identity ,", ""))).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "compress", "gzip, zstd", "gzip;q=1", "*", "aws-chunked", "gzip,gzip,gzip,gzip"})
    void unknownCodingsAreRefusedNamingTheKnownOnes(String header) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> RequestDecoder.of(List.of(header)))
                .satisfies(refused -> {
                    assertThat(refused.problem().status()).isEqualTo(415);
                    assertThat(refused.problem().headers()).containsEntry("Accept-Encoding", "gzip, deflate, br");
                });
    }

    @Test
    void everyCodingDecodesHoweverItIsCut() throws IOException {
        for (var coding : CODINGS) {
            for (var plain : new byte[][] {new byte[0], {1}, TEXT, random(100_000)}) {
                var coded = encode(coding, plain);
                for (int piece : new int[] {1, 2, 7, 1000, Integer.MAX_VALUE}) {
                    if (piece > 2 || coded.length < 20_000) {
                        assertThat(decode(coding, coded, piece))
                                .as("%s by %d", coding, piece)
                                .isEqualTo(plain);
                    }
                }
            }
        }
    }

    @Test
    void chainsAreUndoneFromTheLastToTheFirst() throws IOException {
        var coded = encode("gzip", encode("br", encode("deflate", TEXT)));
        assertThat(decode("deflate, BR", "X-Gzip", coded, 11)).isEqualTo(TEXT);
        refused(() -> decode("gzip, br", "deflate", coded, 11));
    }

    @Test
    void everyTruncationIsRefused() throws IOException {
        for (var coding : CODINGS) {
            var coded = encode(coding, "abcdefgh".repeat(30).getBytes(StandardCharsets.UTF_8));
            for (int length = 0; length < coded.length; length++) {
                var cut = Arrays.copyOf(coded, length);
                refused(() -> decode(coding, cut, 5));
                refused(() -> decode(coding, cut, Integer.MAX_VALUE));
            }
        }
    }

    @Test
    void whatFollowsTheEndIsRefused() throws IOException {
        for (var coding : CODINGS) {
            var coded = encode(coding, TEXT);
            for (var tail : new byte[][] {{0}, {1, 2, 3}, new byte[100]}) {
                var longer = concat(coded, tail);
                refused(() -> decode(coding, longer, Integer.MAX_VALUE));
                refused(() -> decode(coding, longer, coded.length));
                refused(() -> decode(coding, longer, 100));
            }
        }
    }

    @Test
    void damagedDataIsRefusedOrDecodedButNeverFailsOtherwise() throws IOException {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        var random = new Random(seed);
        for (var coding : CODINGS) {
            var coded = encode(coding, Arrays.copyOf(TEXT, 2_000));
            for (int round = 0; round < 300; round++) {
                var damaged = coded.clone();
                damaged[random.nextInt(damaged.length)] ^= (byte) (1 << random.nextInt(8));
                try {
                    decode(coding, damaged, 1 + random.nextInt(50));
                } catch (ProblemException refused) {
                    assertThat(refused.problem().type())
                            .as("drey.seed=%d", seed)
                            .isEqualTo(ProblemType.MALFORMED);
                }
            }
        }
    }

    @Test
    void nonsenseIsRefused() {
        for (var coding : CODINGS) {
            refused(() -> decode(coding, "{\"this\": \"is JSON\"}".getBytes(StandardCharsets.UTF_8), 3));
        }
        // A zlib stream that wants a preset dictionary.
        refused(() -> decode("deflate", new byte[] {0x78, (byte) 0xBB, 0, 0, 0, 1, 3, 0}, 1));
    }

    @Test
    void gzipMembersFollowOneAnother() throws IOException {
        var both = concat(encode("gzip", new byte[] {1, 2}), encode("gzip", new byte[] {3}));
        assertThat(decode("gzip", both, 1)).containsExactly(1, 2, 3);
        assertThat(decode("gzip", both, 1000)).containsExactly(1, 2, 3);
    }

    @Test
    void gzipHeadersMayHaveAllTheirParts() {
        var header = Buffer.buffer(new byte[] {0x1F, (byte) 0x8B, 8, 31, 0, 0, 0, 0, 0, 3});
        header.appendBytes(new byte[] {3, 0, 7, 8, 9}).appendString("name\0").appendString("comment\0");
        header.appendBytes(new byte[] {1, 2});
        var plain = new byte[] {5, 6, 7};
        var checksum = new CRC32();
        checksum.update(plain);
        var coded = header.appendBytes(deflate(plain, true))
                .appendIntLE((int) checksum.getValue())
                .appendIntLE(plain.length)
                .getBytes();
        for (int piece : new int[] {1, 3, 1000}) {
            assertThat(decode("gzip", coded, piece)).isEqualTo(plain);
        }
        var wrongChecksum = coded.clone();
        wrongChecksum[coded.length - 5] ^= 1;
        refused(() -> decode("gzip", wrongChecksum, 1000));
        var wrongLength = coded.clone();
        wrongLength[coded.length - 1] ^= 1;
        refused(() -> decode("gzip", wrongLength, 1000));
        var reservedFlag = coded.clone();
        reservedFlag[3] |= (byte) 0x80;
        refused(() -> decode("gzip", reservedFlag, 1000));
    }

    @Test
    void consumerStopsABombAtItsOwnLimit() throws IOException {
        var zeros = new byte[30 << 20];
        for (var coding : CODINGS) {
            var bomb = encode("gzip", encode(coding, zeros));
            var taken = new long[1];
            try (var decoder = RequestDecoder.of(List.of(name(coding) + ", gzip"))) {
                assertThatThrownBy(() -> decoder.feed(Buffer.buffer(bomb), piece -> {
                            assertThat(piece.length()).isBetween(1, RequestDecoder.PIECE_BYTES_MAX);
                            taken[0] += piece.length();
                            if (taken[0] > 1 << 20) {
                                throw Problem.tooLarge("The body", 1 << 20, -1).exception();
                            }
                        }))
                        .hasMessageStartingWith("too-large");
            }
            assertThat(taken[0]).isLessThanOrEqualTo((1 << 20) + RequestDecoder.PIECE_BYTES_MAX);
        }
    }

    @Test
    void decodersCanBeClosedTwiceAndUnused() {
        var decoder = RequestDecoder.of(List.of("gzip, deflate, br"));
        decoder.close();
        decoder.close();
    }

    private static void refused(ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.MALFORMED));
    }

    private static byte[] decode(String coding, byte[] coded, int piece) {
        return decode("", name(coding), coded, piece);
    }

    private static byte[] decode(String line, String nextLine, byte[] coded, int piece) {
        var plain = new ByteArrayOutputStream();
        try (var decoder = RequestDecoder.of(List.of(line, nextLine))) {
            for (int start = 0; start < coded.length; start += Math.min(piece, coded.length - start)) {
                int end = start + Math.min(piece, coded.length - start);
                decoder.feed(
                        Buffer.buffer(Arrays.copyOfRange(coded, start, end)),
                        bytes -> plain.writeBytes(bytes.getBytes()));
            }
            decoder.end(bytes -> plain.writeBytes(bytes.getBytes()));
        }
        return plain.toByteArray();
    }

    private static String name(String coding) {
        return coding.equals("raw") ? "deflate" : coding;
    }

    private static byte[] encode(String coding, byte[] plain) throws IOException {
        return switch (coding) {
            case "gzip" -> ContentCoding.GZIP.encode(plain);
            case "br" -> ContentCoding.BR.encode(plain);
            default -> deflate(plain, coding.equals("raw"));
        };
    }

    private static byte[] deflate(byte[] plain, boolean raw) {
        var coded = new ByteArrayOutputStream();
        var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, raw);
        try (var stream = new DeflaterOutputStream(coded, deflater)) {
            stream.write(plain);
        } catch (IOException neverOfMemory) {
            throw new IllegalStateException(neverOfMemory);
        } finally {
            deflater.end();
        }
        return coded.toByteArray();
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(1).nextBytes(bytes);
        return bytes;
    }

    private static byte[] concat(byte[] left, byte[] right) {
        var both = Arrays.copyOf(left, left.length + right.length);
        System.arraycopy(right, 0, both, left.length, right.length);
        return both;
    }
}
