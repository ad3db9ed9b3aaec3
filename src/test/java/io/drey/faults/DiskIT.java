// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up and gets room again, and one that fails to keep what it was given. */
class DiskIT {
    private static final String RECORDS = "/v1/stores/disk/records/";
    private static final Duration HEALED = Duration.ofSeconds(20);

    @TempDir
    Path temporary;

    private final Map<String, String> acknowledged = new LinkedHashMap<>();
    private int keys;

    @Test
    void fullDiskRefusesWritesKeepsReadingAndDeletingAndHealsWithoutRestart() throws Exception {
        try (var disk = TemporaryDisk.mount(temporary.resolve("disk"), "size=96m")) {
            var data = Files.createDirectory(disk.directory().resolve("data"));
            try (var server = new ServerProcess(data).start();
                    var client = server.client()) {
                assertThat(client.post("/v1/stores", "{\"name\":\"disk\"}").status())
                        .isEqualTo(201);
                fill(client, 300);
                var ballast = disk.directory().resolve("ballast");
                disk.fill(ballast, 4 << 20);

                assertThat(fillUntilRefused(client)).isEqualTo("out-of-space");
                assertReadable(client);
                assertThat(client.get("/v1/stores/disk/records?limit=1000").status())
                        .isEqualTo(200);
                deleteSome(client, acknowledged.size() / 2);
                assertReadable(client);

                Files.delete(ballast);
                await().atMost(HEALED)
                        .pollInterval(Duration.ofMillis(100))
                        .until(() -> put(client, "after", 10) == 201);
                fill(client, 50);
                assertThat(client.get("/health/ready").status()).isEqualTo(200);

                server.kill();
                client.reconnect();
                server.start();
                assertReadable(client);
                assertCounts(client);
            }
        }
    }

    @Test
    void nodeStartsOnAFullDiskSoThatRecordsCanBeDeleted() throws Exception {
        try (var disk = TemporaryDisk.mount(temporary.resolve("disk"), "size=96m")) {
            var data = Files.createDirectory(disk.directory().resolve("data"));
            try (var server = new ServerProcess(data).start();
                    var client = server.client()) {
                client.post("/v1/stores", "{\"name\":\"disk\"}");
                fill(client, 300);
                disk.fill(disk.directory().resolve("ballast"), 2 << 20);
                fillUntilRefused(client);
                server.kill();
                client.reconnect();
                server.start();
                assertReadable(client);
                deleteSome(client, 100);
                assertReadable(client);
            }
        }
    }

    /** The answer to the commit must not say that it is kept, and nothing after it is believed. */
    @Test
    void failedSyncStopsTheNodeFromServingUntilItIsStartedAgain() throws Exception {
        assumeTrue(
                TemporaryDisk.run("strace", "-f", "-e", "trace=fsync", "true"),
                "strace is missing or tracing is not allowed here");
        try (var server = new ServerProcess(temporary.resolve("data")).start();
                var client = server.client()) {
            client.post("/v1/stores", "{\"name\":\"disk\"}");
            fill(client, 20);
            server.stop();
            client.reconnect();

            // The first syncs of a thread are those of its start; from the fortieth on every one fails.
            server.under(
                    "strace",
                    "--follow-forks",
                    "--quiet=all",
                    "--output=/dev/null",
                    "--trace=fsync,fdatasync",
                    "--inject=fsync,fdatasync:error=EIO:when=40+");
            server.start();
            int refused = putUntilRefused(client);
            assertThat(refused).isIn(503, 504);
            await().atMost(Duration.ofSeconds(5))
                    .until(() -> client.get("/health/ready").status() == 503);
            var ready = client.get("/health/ready").json();
            assertThat(ready.path("status").asText()).isEqualTo("DOWN");
            assertThat(ready.path("reasons").path(0).asText()).contains("disk failed", "IOERR");
            assertThat(put(client, "later", 10)).isEqualTo(503);
            assertThat(client.get("/health/live").status()).isEqualTo(200);
            server.kill();
            client.reconnect();

            server.under().start();
            assertReadable(client);
            assertCounts(client);
            assertThat(put(client, "later", 10)).isEqualTo(201);
        }
    }

    private int putUntilRefused(WireClient client) throws IOException {
        for (int i = 0; i < 1_000; i++) {
            int status = put(client, "synced-" + i, 100);
            if (status != 201) {
                return status;
            }
        }
        throw new AssertionError("no sync has failed");
    }

    private void fill(WireClient client, int records) throws IOException {
        for (int i = 0; i < records; i++) {
            assertThat(put(client, "record-" + keys++, 2_000)).isEqualTo(201);
        }
    }

    /** Answers the name of the problem. */
    private String fillUntilRefused(WireClient client) throws IOException {
        for (int i = 0; i < 20_000; i++) {
            var key = "filler-" + keys++;
            var value = "\"" + "f".repeat(20_000) + key + "\"";
            var reply = client.put(RECORDS + key, value);
            if (reply.status() == 201) {
                acknowledged.put(key, value);
            } else {
                assertThat(reply.status()).as(reply.toString()).isEqualTo(507);
                return reply.problem();
            }
        }
        throw new AssertionError("the disk never got full");
    }

    private void deleteSome(WireClient client, int number) throws IOException {
        for (var key : List.copyOf(acknowledged.keySet()).subList(0, number)) {
            var reply = client.delete(RECORDS + key);
            assertThat(reply.status()).as(reply.toString()).isEqualTo(204);
            acknowledged.remove(key);
            assertThat(client.get(RECORDS + key).status()).isEqualTo(404);
        }
    }

    private int put(WireClient client, String key, int bytes) throws IOException {
        var value = "\"" + "v".repeat(bytes) + key + "\"";
        int status = client.put(RECORDS + key, value).status();
        if (status == 201 || status == 204) {
            acknowledged.put(key, value);
        }
        return status;
    }

    private void assertReadable(WireClient client) throws IOException {
        for (var entry : acknowledged.entrySet()) {
            var reply = client.get(RECORDS + entry.getKey());
            assertThat(reply.text()).as(entry.getKey()).isEqualTo(entry.getValue());
        }
    }

    private static void assertCounts(WireClient client) throws IOException {
        var items = new ArrayList<Long>();
        var after = "";
        while (true) {
            var page = client.get("/v1/stores/disk/records?limit=1000" + after).json();
            page.path("items").forEach(item -> items.add(item.path("size").asLong()));
            if (page.path("next").isNull()) {
                break;
            }
            after = "&after=" + page.path("next").asText();
        }
        var store = client.get("/v1/stores/disk").json();
        assertThat(store.path("records").asLong()).isEqualTo(items.size());
        assertThat(store.path("bytes").asLong())
                .isEqualTo(items.stream().mapToLong(Long::longValue).sum());
    }
}
