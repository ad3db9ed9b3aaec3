// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SIGTERM does to a server that is busy. */
class ShutdownIT {
    private static final String STORE = "/v1/stores/shutdown";
    private static final int CLIENTS = 8;

    @TempDir
    Path directory;

    private final Map<String, Long> acknowledged = new ConcurrentHashMap<>();
    private final AtomicInteger keys = new AtomicInteger();
    private final Semaphore written = new Semaphore(0);

    @Test
    void everyRequestIsAnsweredOrRefusedAndNothingAcknowledgedIsLost() throws Exception {
        try (var server = new ServerProcess(directory).start()) {
            makeStore(server);
            var executor = Executors.newFixedThreadPool(CLIENTS);
            try {
                var clients = new ArrayList<Future<?>>();
                for (int i = 0; i < CLIENTS; i++) {
                    clients.add(executor.submit(() -> {
                        write(server);
                        return null;
                    }));
                }
                assertThat(written.tryAcquire(2_000, 1, TimeUnit.MINUTES)).isTrue();
                long begun = System.nanoTime();
                assertThat(server.stop()).isIn(0, 143);
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(10));
                for (var client : clients) {
                    client.get(30, TimeUnit.SECONDS);
                }
            } finally {
                executor.shutdownNow();
            }
            server.start();
            try (var client = server.client()) {
                for (var entry : acknowledged.entrySet()) {
                    var reply = client.get(STORE + "/records/" + entry.getKey());
                    assertThat(reply.status()).as(entry.getKey()).isEqualTo(200);
                    assertThat(reply.version()).as(entry.getKey()).isEqualTo(entry.getValue());
                }
                assertThat(client.get(STORE).json().path("records").asInt()).isEqualTo(acknowledged.size());
            }
        }
    }

    /**
     * Until refused. A connection may be closed between two requests, but not within one: a write that was not
     * answered must not be there either, which the count at the end tells.
     */
    private void write(ServerProcess server) throws IOException {
        try (var client = server.client()) {
            while (true) {
                var key = "key-" + keys.incrementAndGet();
                var reply = client.put(STORE + "/records/" + key, "1");
                if (reply.status() == 503) {
                    assertThat(reply.problem()).isEqualTo("unavailable");
                    assertThat(reply.header("Retry-After")).isPresent();
                    return;
                }
                assertThat(reply.status()).as(reply.toString()).isEqualTo(201);
                acknowledged.put(key, reply.version());
                written.release();
            }
        } catch (SocketException e) {
            // Refused or reset: the server is gone, and did not begin this one.
        } catch (EOFException e) {
            // Closed while it was idle.
        }
    }

    @Test
    void requestUnderWayIsFinished() throws Exception {
        try (var server = new ServerProcess(directory).start()) {
            makeStore(server);
            try (var upload = new SlowUpload(server, "finished", 2)) {
                upload.send();
                server.terminate();
                awaitDraining(server);
                upload.send();
                assertThat(upload.status()).isEqualTo(201);
            }
            assertThat(server.exitCode()).isIn(0, 143);
            server.start();
            try (var client = server.client()) {
                assertThat(client.get(STORE + "/records/finished").body()).hasSize(2);
            }
        }
    }

    @Test
    void slowUploadDoesNotHoldTheServerBeyondItsLimit() throws Exception {
        try (var server =
                new ServerProcess(directory).with("--http.shutdown-timeout=2 s").start()) {
            makeStore(server);
            try (var upload = new SlowUpload(server, "never", 1_000_000)) {
                upload.send();
                long begun = System.nanoTime();
                server.terminate();
                awaitDraining(server);
                assertThat(server.exitCode()).isIn(0, 143);
                assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(12));
            }
            server.start();
            try (var client = server.client()) {
                assertThat(client.get(STORE + "/records/never").status()).isEqualTo(404);
            }
        }
    }

    private static void awaitDraining(ServerProcess server) {
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> {
                    try (var client = server.client()) {
                        return client.get("/health/ready").status() == 503;
                    } catch (IOException e) {
                        return true;
                    }
                });
    }

    private static void makeStore(ServerProcess server) throws IOException {
        try (var client = server.client()) {
            assertThat(client.post("/v1/stores", "{\"name\":\"shutdown\"}").status())
                    .isEqualTo(201);
        }
    }

    /** A PUT whose body comes byte by byte. */
    private static final class SlowUpload implements AutoCloseable {
        private final Socket socket;

        SlowUpload(ServerProcess server, String key, int length) throws IOException {
            socket = new Socket("127.0.0.1", server.port());
            socket.setSoTimeout(20_000);
            socket.getOutputStream()
                    .write(WireClient.bytes("PUT " + STORE + "/records/" + key
                            + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + ServerProcess.TOKEN
                            + "\r\nContent-Length: " + length + "\r\n\r\n"));
        }

        /** One byte of the body. */
        void send() throws IOException {
            socket.getOutputStream().write('1');
        }

        int status() throws IOException {
            var line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
            return Integer.parseInt(line.substring(9));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
