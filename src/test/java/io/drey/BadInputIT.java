// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.head;
import static io.drey.TestNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What no well-behaved client sends: it is refused with the right words and does no harm. */
class BadInputIT {
    private static final String JSON = "application/json";

    @RegisterExtension
    static final TestNode NODE = TestNode.start("--http.request-timeout=500ms", "--limits.record-bytes=1MiB");

    private final CheckedClient client = NODE.client();
    private final String store = NODE.store();
    private final String records = store + "/records";

    @Test
    void dotSegmentsNeverReachAnotherRoute() {
        client.put(records + "/k", "1", JSON);
        for (var method : List.of("DELETE", "PUT", "GET", "HEAD", "PATCH", "POST")) {
            for (var dots : List.of("..", ".", "%2e%2e", "%2E%2E", ".%2e", "%2E.", "%2e", "%2E")) {
                var reply = NODE.raw(head(method, records + "/" + dots, "Content-Length: 0"));
                assertThat(reply.status()).as("%s %s", method, dots).isIn(400, 405);
                if (reply.status() == 400 && !method.equals("HEAD")) {
                    assertThat(reply.problem()).isEqualTo("invalid-key");
                }
            }
        }
        for (var path : List.of(
                records + "/./",
                records + "/x/..",
                records + "/x/../..",
                records + "/../",
                records + "/k/../",
                records + "/%2e%2e/",
                records + "/..%2f..",
                records + "//",
                records + "/..;/",
                records + "/../records",
                store + "/",
                store + "/.",
                store + "/..",
                store + "//",
                "/v1/stores/../stores" + store.substring(10))) {
            var reply = NODE.raw(head("DELETE", path));
            assertThat(reply.status()).as(path).isIn(204, 400, 404, 405);
            if (reply.status() == 204) {
                assertThat(path).isIn(records + "/..%2f..", records + "/..;/");
            }
        }
        assertThat(client.get(store).json().get("records").asInt()).isEqualTo(1);
        assertThat(client.get(records + "/k").text()).isEqualTo("1");
    }

    @Test
    void keysThatAreNoneAreRefusedEverywhere() {
        for (var key : List.of("", "%FF", "%C3", "%C0%80", "%ED%A0%80", "%F4%90%80%80", "..", ".")) {
            for (var tail : List.of("", "/history", "/increment")) {
                var method = tail.equals("/increment") ? "POST" : "GET";
                var reply = NODE.raw(head(method, records + "/" + key + tail, "Content-Length: 0"));
                assertThat(reply.status()).as(key + tail).isEqualTo(400);
                assertThat(reply.problem()).isEqualTo("invalid-key");
            }
        }
        for (var escape : List.of("%", "%4", "%zz", "a%")) {
            assertThat(NODE.raw(head("GET", records + "/" + escape)).problem()).isEqualTo("malformed");
        }
        var tooLong = client.put(records + "/" + "%C3%A9".repeat(256) + "x", "1", JSON);
        assertThat(tooLong.problem()).isEqualTo("invalid-key");
        assertThat(tooLong.json().get("limit").asInt()).isEqualTo(512);
        assertThat(tooLong.json().get("actual").asInt()).isEqualTo(513);
        assertThat(client.put(records + "/" + "x".repeat(15_000), "1", JSON)
                        .json()
                        .get("actual")
                        .asInt())
                .isEqualTo(15_000);
    }

    @Test
    void declaredLengthOverTheLimitIsRefusedBeforeTheBody() throws IOException {
        var request = head("PUT", records + "/k", "Content-Length: 1048577");
        var refused = NODE.raw(request);
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.json().get("limit").asInt()).isEqualTo(1 << 20);
        assertThat(refused.json().get("actual").asInt()).isEqualTo((1 << 20) + 1);
        try (var socket = open()) {
            write(socket, head("PUT", records + "/k", "Content-Length: 1048577", "Expect: 100-continue"));
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 413");
        }
        try (var socket = open()) {
            write(socket, head("PUT", records + "/k", "Content-Length: 2", "Expect: 100-continue"));
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 100");
        }
        assertThat(client.put(records + "/k", new byte[1 << 20], "image/png").status())
                .isEqualTo(201);
    }

    @Test
    void chunkedBodyOverTheLimitIsRefused() {
        var chunk = "10000\r\n" + "x".repeat(65536) + "\r\n";
        var refused =
                NODE.raw(head("PUT", records + "/k", "Transfer-Encoding: chunked") + chunk.repeat(17) + "0\r\n\r\n");
        assertThat(refused.status()).isEqualTo(413);
        assertThat(refused.json().get("limit").asInt()).isEqualTo(1 << 20);
        assertThat(client.get(records + "/k").status()).isEqualTo(404);
    }

    @Test
    void expandingBodyIsStoppedAtTheLimit() throws IOException {
        var bomb = gzip(new byte[100 << 20]);
        assertThat(bomb.length).isLessThan(200_000);
        var refused = client.put(records + "/k", bomb, "image/png", "Content-Encoding", "gzip");
        assertThat(refused.status()).isEqualTo(413);
        var twice = client.put(records + "/k", gzip(bomb), "image/png", "Content-Encoding", "gzip, gzip");
        assertThat(twice.status()).isEqualTo(413);
        var operation =
                client.send("POST", records + "/k/increment", bomb, "Content-Type", JSON, "Content-Encoding", "gzip");
        assertThat(operation.status()).isEqualTo(413);
        assertThat(client.get(records + "/k").status()).isEqualTo(404);
    }

    @Test
    void codingsThatAreNotUnderstoodOrBrokenAreRefused() throws IOException {
        for (var coding : List.of("zstd", "compress", "gzip, zstd", "x")) {
            assertThat(client.put(records + "/k", "1", JSON, "Content-Encoding", coding)
                            .status())
                    .as(coding)
                    .isEqualTo(415);
        }
        var good = gzip("{}".getBytes(StandardCharsets.UTF_8));
        var cut = Arrays.copyOf(good, good.length - 3);
        for (var coding : List.of("gzip", "deflate", "br")) {
            assertThat(client.put(records + "/k", "no such data", JSON, "Content-Encoding", coding)
                            .status())
                    .as(coding)
                    .isEqualTo(400);
        }
        assertThat(client.put(records + "/k", cut, JSON, "Content-Encoding", "gzip")
                        .status())
                .isEqualTo(400);
        assertThat(client.get(records + "/k").status()).isEqualTo(404);
        assertThat(client.put(records + "/k", good, JSON, "Content-Encoding", "GZIP")
                        .status())
                .isEqualTo(201);
        assertThat(client.get(records + "/k").text()).isEqualTo("{}");
    }

    @Test
    void stalledAndDrippingBodiesTimeOut() throws Exception {
        for (var part : List.of("", "{\"a\":")) {
            try (var socket = open()) {
                write(socket, head("PUT", records + "/k", "Content-Length: 100") + part);
                assertThat(firstLine(socket)).as(part).startsWith("HTTP/1.1 408");
            }
        }
        try (var socket = open()) {
            write(socket, head("PUT", records + "/k", "Transfer-Encoding: chunked"));
            var drip = new Thread(() -> drip(socket));
            drip.start();
            assertThat(firstLine(socket)).startsWith("HTTP/1.1 408");
            drip.interrupt();
            drip.join();
        }
        try (var socket = open()) {
            write(socket, head("PUT", records + "/k", "Content-Length: 100") + "half");
        }
        assertThat(client.get(records + "/k").status()).isEqualTo(404);
    }

    /** A byte now and then, until the server has enough of it. */
    private static void drip(Socket socket) {
        var latch = new CountDownLatch(1);
        try {
            while (!latch.await(100, TimeUnit.MILLISECONDS)) {
                write(socket, "1\r\nx\r\n");
            }
        } catch (IOException | InterruptedException e) {
            // The server has closed: what the test waits for.
        }
    }

    @Test
    void stalledHeadDoesNotHoldItsConnection() throws IOException {
        try (var socket = open()) {
            socket.setSoTimeout(10_000);
            write(socket, "GET / HTTP/1.1\r\nHost: ");
            var line = firstLine(socket);
            assertThat(line)
                    .satisfiesAnyOf(text -> assertThat(text).startsWith("HTTP/1.1 408"), text -> assertThat(text)
                            .isEmpty());
        }
    }

    @Test
    void idleConnectionsDoNotKeepOthersOut() throws IOException {
        var sockets = new ArrayList<Socket>();
        try {
            for (int i = 0; i < 2_000; i++) {
                sockets.add(open());
            }
            assertThat(client.put(records + "/k", "1", JSON).status()).isEqualTo(201);
            assertThat(client.get(records + "/k").text()).isEqualTo("1");
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
        }
    }

    @Test
    void errorsTellNothingOfTheInside() {
        var replies = new ArrayList<Reply>();
        for (var bad : List.of("{", "[", "\"", "{'a':1,'a':2}", "NaN", "\u0000")) {
            replies.add(client.put(records + "/k", json(bad), JSON));
            replies.add(client.post(records + "/k/increment", json("{'by':" + bad + "}")));
            replies.add(client.post(store + "/batch", json("{'operations':" + bad + "}")));
            replies.add(client.post("/v1/stores", json("{'name':" + bad + "}")));
            replies.add(client.post("/v1/tokens", json("{'name':" + bad + "}")));
            replies.add(client.patch(records + "/k", json(bad), "application/json-patch+json"));
        }
        assertThat(replies).allSatisfy(reply -> {
            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.text())
                    .doesNotContain(
                            "java", "Exception", "io.drey", "com.fasterxml", "\\tat ", ".java", "/work", "/tmp");
        });
    }

    @Test
    void badConditionsAndKeysOfIdempotencyAreRefused() {
        for (var tag : List.of("1", "\"1", "abc", "\"1\" \"2\"", "*,\"1\"", ",", "W/1")) {
            for (var header : List.of("If-Match", "If-None-Match")) {
                assertThat(client.put(records + "/k", "1", JSON, header, tag).status())
                        .as("%s: %s", header, tag)
                        .isEqualTo(400);
                assertThat(client.get(records + "/k", header, tag).status())
                        .as("%s: %s", header, tag)
                        .isIn(400, 404);
            }
        }
        for (var key : List.of("", "a b", "x".repeat(256))) {
            assertThat(client.put(records + "/k", "1", JSON, "Idempotency-Key", key)
                            .status())
                    .as(key)
                    .isEqualTo(400);
        }
        for (var ttl : List.of("-1", "x", "", "1e3", "0.0001", "3155760001", "1&ttl=2", "NaN", "%31%", "+1")) {
            var reply = NODE.raw(head("PUT", records + "/k?ttl=" + ttl, "Content-Length: 0"));
            assertThat(reply.status()).as(ttl).isEqualTo(400);
        }
        assertThat(client.get(records + "/k").status()).isEqualTo(404);
    }

    private static Socket open() throws IOException {
        var socket = new Socket("127.0.0.1", NODE.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    /** Empty when the connection was closed without a word. */
    private static String firstLine(Socket socket) throws IOException {
        var line = new StringBuilder();
        var input = socket.getInputStream();
        for (int next = input.read(); next >= 0 && next != '\r'; next = input.read()) {
            line.append((char) next);
        }
        return line.toString();
    }

    private static byte[] gzip(byte[] plain) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(plain);
        }
        return bytes.toByteArray();
    }
}
