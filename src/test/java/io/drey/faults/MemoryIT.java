// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store several times as large as the heap of its server, and a request with very many lines. */
class MemoryIT {
    private static final int HEAP_MEBIBYTES = 160;
    private static final long BYTES = (Boolean.getBoolean("drey.long") ? 1_024L : 400L) << 20;
    private static final long LISTED_BYTES = 100L << 20;
    private static final int SIZE_MIN = 16 << 10;
    private static final int SIZE_MAX = 1 << 20;
    private static final int LINES = Boolean.getBoolean("drey.long") ? 1_000_000 : 200_000;
    private static final String JSON = "{\"key\":\"line-%07d\",\"value\":%d}\n";

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @TempDir
    Path directory;

    @Test
    void storeLargerThanTheHeapIsWrittenReadExportedAndImported() throws Exception {
        try (var server = small(directory).start();
                var client = server.client()) {
            makeStore(client, "large");
            makeStore(client, "copy");
            int records = write(client, BYTES);
            long bytes = bytes(records);
            assertStore(client, "large", records, bytes);
            var random = new Random(1);
            for (int i = 0; i < 100; i++) {
                int number = random.nextInt(records);
                assertThat(client.get("/v1/stores/large/records/" + key(number)).body())
                        .isEqualTo(value(number));
            }

            var exported = export(server, "large");
            assertThat(exported.statusCode()).isEqualTo(200);
            try (var lines = exported.body()) {
                var imported = load(server, "copy", lines);
                assertThat(imported.path("imported").asInt()).isEqualTo(records);
                assertThat(imported.path("failedTotal").asInt()).isZero();
            }
            assertStore(client, "copy", records, bytes);
            assertThat(client.get("/v1/stores/copy/records/" + key(records - 1)).body())
                    .isEqualTo(value(records - 1));
            assertThat(client.get("/health/ready").status()).isEqualTo(200);
            assertThat(server.isAlive()).isTrue();
        }
    }

    /** Pages of values are as large as they may be: {@code limits.page-bytes} is what it is by default. */
    @Test
    void listingWithValuesDoesNotExhaustASmallHeap() throws Exception {
        try (var server = small(directory).start();
                var client = server.client()) {
            makeStore(client, "large");
            int records = write(client, LISTED_BYTES);
            assertListing(client, records);
            assertThat(server.isAlive()).isTrue();
        }
    }

    @Test
    void importOfVeryManyLinesInOneRequestNeedsLittleMemory() throws Exception {
        try (var server = small(directory).start();
                var client = server.client()) {
            makeStore(client, "lines");
            var imported = load(server, "lines", new Lines());
            assertThat(imported.path("imported").asInt()).isEqualTo(LINES);
            assertThat(imported.path("failedTotal").asInt()).isZero();
            assertThat(client.get("/v1/stores/lines").json().path("records").asInt())
                    .isEqualTo(LINES);
            assertThat(client.get("/v1/stores/lines/records/line-0123456").text())
                    .isEqualTo("123456");
            assertThat(server.isAlive()).isTrue();
        }
    }

    /** Answers how many records it took. */
    private static int write(WireClient client, long atLeast) throws IOException {
        int records = 0;
        for (long bytes = 0; bytes < atLeast; records++) {
            var value = value(records);
            var reply = client.send("PUT", "/v1/stores/large/records/" + key(records), value);
            assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
            bytes += value.length;
        }
        return records;
    }

    private static long bytes(int records) {
        return IntStream.range(0, records)
                .mapToLong(number -> size(new Random(number)))
                .sum();
    }

    private static ServerProcess small(Path directory) {
        return new ServerProcess(directory)
                .withJava("-Xmx" + HEAP_MEBIBYTES + "m", "-XX:MaxDirectMemorySize=96m")
                // The disk may be busy with what other tests have left to be written.
                .with("--durability=os", "--http.write-timeout=30 s");
    }

    private static void makeStore(WireClient client, String name) throws IOException {
        assertThat(client.post("/v1/stores", "{\"name\":\"" + name + "\"}").status())
                .isEqualTo(201);
    }

    private static String key(int number) {
        return "record-%06d".formatted(number);
    }

    private static byte[] value(int number) {
        var random = new Random(number);
        var bytes = new byte[size(random)];
        random.nextBytes(bytes);
        return bytes;
    }

    /** Mostly small ones, as in life. */
    private static int size(Random random) {
        return random.nextInt(4) == 0 ? random.nextInt(SIZE_MIN, SIZE_MAX) : random.nextInt(SIZE_MIN, 4 * SIZE_MIN);
    }

    private static void assertStore(WireClient client, String name, int records, long bytes) throws IOException {
        var store = client.get("/v1/stores/" + name).json();
        assertThat(store.path("records").asInt()).isEqualTo(records);
        assertThat(store.path("bytes").asLong()).isEqualTo(bytes);
    }

    private static void assertListing(WireClient client, int records) throws IOException {
        int seen = 0;
        var after = "";
        while (true) {
            var reply = client.get("/v1/stores/large/records?values=true&limit=1000" + after);
            assertThat(reply.status()).isEqualTo(200);
            var page = KillLoad.json(reply);
            for (var item : page.path("items")) {
                assertThat(item.path("key").asText()).isEqualTo(key(seen));
                assertThat(item.path("base64").binaryValue()).isEqualTo(value(seen));
                seen++;
            }
            if (page.path("next").isNull()) {
                break;
            }
            after = "&after=" + page.path("next").asText();
        }
        assertThat(seen).isEqualTo(records);
    }

    private HttpResponse<InputStream> export(ServerProcess server, String store) throws Exception {
        return http.send(
                request(server, store).header("Accept", "application/x-ndjson").build(), BodyHandlers.ofInputStream());
    }

    private JsonNode load(ServerProcess server, String store, InputStream lines) throws Exception {
        var request = request(server, store)
                .header("Content-Type", "application/x-ndjson")
                .POST(BodyPublishers.ofInputStream(() -> lines))
                .build();
        var response = http.send(request, BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        return KillLoad.JSON.readTree(response.body());
    }

    private static HttpRequest.Builder request(ServerProcess server, String store) {
        return HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.port() + "/v1/stores/" + store + "/records"))
                .header("Authorization", "Bearer " + ServerProcess.TOKEN);
    }

    /** The lines of the long import, made as they are read. */
    private static final class Lines extends InputStream {
        private byte[] line = {};
        private int at;
        private int number;

        @Override
        public int read() {
            if (at == line.length) {
                if (number == LINES) {
                    return -1;
                }
                line = WireClient.bytes(JSON.formatted(number, number));
                number++;
                at = 0;
            }
            return line[at++];
        }
    }
}
