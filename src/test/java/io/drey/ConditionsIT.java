// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static org.assertj.core.api.Assertions.assertThat;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.decoder.Decoder;
import io.drey.contract.CheckedClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Conditions, ranges and codings of reads, and conditions of writes (RFC 9110, 8.4, 13 and 14). */
class ConditionsIT {
    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String path = NODE.store() + "/records/k";

    @Test
    void writesHoldTheirConditions() {
        assertThat(client.put(path, "1", "application/json", "If-Match", "*").status())
                .isEqualTo(412);
        var first = client.put(path, "1", "application/json", "If-None-Match", "*");
        assertThat(first.status()).isEqualTo(201);
        var refused = client.put(path, "2", "application/json", "If-None-Match", "*");
        assertThat(refused.status()).isEqualTo(412);
        assertThat(refused.json().get("version").asLong()).isEqualTo(first.version());
        assertThat(client.put(path, "2", "application/json", "If-None-Match", "\"0\", " + first.etag())
                        .status())
                .isEqualTo(412);
        assertThat(client.put(path, "2", "application/json", "If-Match", "W/" + first.etag())
                        .status())
                .isEqualTo(412);
        var second = client.put(path, "2", "application/json", "If-Match", "\"0\", " + first.etag());
        assertThat(second.status()).isEqualTo(204);
        assertThat(client.delete(path, "If-Match", first.etag()).status()).isEqualTo(412);
        assertThat(client.patch(path, "{}", "application/merge-patch+json", "If-Match", first.etag())
                        .status())
                .isEqualTo(412);
        assertThat(client.put(path, "3", "application/json", "If-Unmodified-Since", "Mon, 01 Jan 2024 00:00:00 GMT")
                        .status())
                .isEqualTo(412);
        assertThat(client.delete(path, "If-Match", second.etag()).status()).isEqualTo(204);
        assertThat(client.delete(path, "If-Match", "*").status()).isEqualTo(412);
    }

    @Test
    void readsHoldTheirConditions() {
        client.put(path, "abc", "text/plain");
        var got = client.get(path);
        var modified = got.header("Last-Modified").orElseThrow();
        var unchanged = client.get(path, "If-None-Match", got.etag());
        assertThat(unchanged.status()).isEqualTo(304);
        assertThat(unchanged.etag()).isEqualTo(got.etag());
        assertThat(client.head(path, "If-None-Match", "W/" + got.etag()).status())
                .isEqualTo(304);
        assertThat(client.get(path, "If-None-Match", "\"0\"").status()).isEqualTo(200);
        assertThat(client.get(path, "If-Modified-Since", modified).status()).isEqualTo(304);
        assertThat(client.get(path, "If-None-Match", "\"0\"", "If-Modified-Since", modified)
                        .status())
                .isEqualTo(200);
        assertThat(client.get(path, "If-Match", "\"0\"").status()).isEqualTo(412);
        assertThat(client.get(path, "If-Match", got.etag()).status()).isEqualTo(200);
        assertThat(client.get(path, "If-Unmodified-Since", "Mon, 01 Jan 2024 00:00:00 GMT")
                        .status())
                .isEqualTo(412);
        assertThat(client.get(path, "If-Modified-Since", "yesterday").status()).isEqualTo(200);
        assertThat(client.get(path.replace("/k", "/none"), "If-None-Match", "*").status())
                .isEqualTo(404);
    }

    @Test
    void rangesOfSmallAndLargeValues() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        for (int size : new int[] {1_000, 64 * 1024, 64 * 1024 + 1, 5_000_000}) {
            var bytes = new byte[size];
            new Random(seed).nextBytes(bytes);
            client.put(path, bytes, "application/octet-stream");
            range(bytes, "bytes=0-0", 0, 1);
            range(bytes, "bytes=10-19", 10, 20);
            range(bytes, "bytes=" + (size - 1) + "-", size - 1, size);
            range(bytes, "bytes=-5", size - 5, size);
            range(bytes, "bytes=-" + (size + 5), 0, size);
            range(bytes, "bytes=1-99999999999999999999", 1, size);
            range(bytes, "Bytes=" + size / 2 + "-" + (size / 2 + 9), size / 2, size / 2 + 10);
            if (size > 1 << 20) {
                range(bytes, "bytes=200000-3000000", 200_000, 3_000_001);
            }
            for (var whole : List.of("bytes=0-1,5-6", "lines=0-1", "bytes=5-1", "bytes=x", "bytes=-", "0-1")) {
                var reply = client.get(path, "Range", whole);
                assertThat(reply.status()).as(whole).isEqualTo(200);
                assertThat(reply.body()).isEqualTo(bytes);
            }
            for (var none : List.of("bytes=" + size + "-", "bytes=99999999-", "bytes=-0")) {
                var reply = client.get(path, "Range", none);
                assertThat(reply.status()).as(none).isEqualTo(416);
                assertThat(reply.header("Content-Range")).contains("bytes */" + size);
            }
            var tag = client.get(path).etag();
            assertThat(client.get(path, "Range", "bytes=0-1", "If-Range", tag).status())
                    .isEqualTo(206);
            assertThat(client.get(path, "Range", "bytes=0-1", "If-Range", "\"0\"")
                            .status())
                    .isEqualTo(200);
            assertThat(client.get(path, "Range", "bytes=0-1", "If-Range", "W/" + tag)
                            .status())
                    .isEqualTo(200);
            assertThat(client.head(path, "Range", "bytes=0-1").status()).isEqualTo(200);
        }
    }

    private void range(byte[] bytes, String range, int from, int to) {
        var reply = client.get(path, "Range", range, "Accept-Encoding", "gzip, br");
        assertThat(reply.status()).as(range).isEqualTo(206);
        assertThat(reply.body()).as(range).isEqualTo(Arrays.copyOfRange(bytes, from, to));
        assertThat(reply.header("Content-Range")).contains("bytes " + from + "-" + (to - 1) + "/" + bytes.length);
        assertThat(reply.header("Content-Encoding")).isEmpty();
        assertThat(reply.header("ETag").orElse("")).startsWith("\"");
    }

    @Test
    void answersAreCodedWhenAskedFor() throws IOException {
        Brotli4jLoader.ensureAvailability();
        for (int size : new int[] {5_000, 1_000_000}) {
            var text = "{\"a\":\"" + "drey ".repeat(size / 5) + "\"}";
            client.put(path, text, "application/json");
            var plain = client.get(path);
            assertThat(plain.header("Content-Encoding")).isEmpty();
            assertThat(plain.header("Vary").orElse("")).contains("Accept-Encoding");
            var gzip = client.get(path, "Accept-Encoding", "gzip");
            assertThat(gzip.header("Content-Encoding")).contains("gzip");
            assertThat(gzip.header("ETag")).contains("W/" + plain.etag());
            assertThat(new String(new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes()))
                    .isEqualTo(text);
            var brotli = client.get(path, "Accept-Encoding", "gzip, br");
            assertThat(brotli.header("Content-Encoding")).contains("br");
            assertThat(new String(Decoder.decompress(brotli.body()).getDecompressedData()))
                    .isEqualTo(text);
            assertThat(client.get(path, "Accept-Encoding", "*").header("Content-Encoding"))
                    .contains("gzip");
            assertThat(client.get(path, "Accept-Encoding", "gzip;q=0, identity").header("Content-Encoding"))
                    .isEmpty();
            var partly = client.get(path, "Accept-Encoding", "gzip", "Range", "bytes=0-9");
            assertThat(partly.text()).isEqualTo(text.substring(0, 10));
            assertThat(client.head(path, "Accept-Encoding", "gzip").header("ETag"))
                    .isEqualTo(gzip.header("ETag"));
            assertThat(client.get(
                                    path,
                                    "Accept-Encoding",
                                    "gzip",
                                    "If-None-Match",
                                    gzip.header("ETag").orElseThrow())
                            .status())
                    .isEqualTo(304);
            assertThat(client.put(path, text, "application/json", "If-Match", gzip.etag())
                            .status())
                    .isEqualTo(204);
        }
        client.put(path, new byte[5_000], "image/png");
        assertThat(client.get(path, "Accept-Encoding", "gzip").header("Content-Encoding"))
                .isEmpty();
    }
}
