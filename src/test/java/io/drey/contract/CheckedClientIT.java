// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client against a socket on the loopback that writes down what it hears and says what it is told to. */
class CheckedClientIT {
    private static final String DELETED =
            "HTTP/1.1 204 No Content\r\nConnection: close\r\nDurability: fsync\r\nETag: W/\"7\"\r\n\r\n";
    private static final String RECORDS = "/v1/stores/a/records/";

    private final List<String> heard = Collections.synchronizedList(new ArrayList<>());
    private volatile String answer = DELETED;
    private ServerSocket server;
    private CheckedClient client;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        client = new CheckedClient("http://127.0.0.1:" + server.getLocalPort(), "secret");
        var thread = new Thread(this::serve, "answers");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() throws IOException {
        server.close();
    }

    @Test
    void pathsGoOutUntouched() {
        var keys = List.of(
                "%2E%2E", "%2e", "..", ".", "%00", "a%2Fb", "a+b", "%25", "", "%FF", "a;b=c", "%c3%A9", "a?x=%2E");
        for (var key : keys) {
            client.delete(RECORDS + key);
            assertThat(heard).contains("DELETE " + RECORDS + key + " HTTP/1.1");
        }
    }

    @Test
    void tokenGoesWithEveryRequest() {
        client.delete(RECORDS + "k");
        assertThat(heard).contains("Authorization: Bearer secret");
        heard.clear();
        client.withToken("other").delete(RECORDS + "k");
        assertThat(heard).contains("Authorization: Bearer other");
        heard.clear();
        client.withToken(null).delete(RECORDS + "k");
        assertThat(heard).noneMatch(line -> line.startsWith("Authorization"));
    }

    @Test
    void headersAndTypeAreSent() {
        client.put(RECORDS + "k", "1", "application/json", "If-Match", "\"3\"", "Idempotency-Key", "x");
        assertThat(heard).contains("Content-Type: application/json", "If-Match: \"3\"", "Idempotency-Key: x");
    }

    @Test
    void replyTellsTagVersionAndProblem() {
        assertThat(client.delete(RECORDS + "k").version()).isEqualTo(7);
        assertThat(client.delete(RECORDS + "k").etag()).isEqualTo("\"7\"");
        answer = chunkedProblem("record-not-found");
        assertThat(client.get(RECORDS + "k").problem()).isEqualTo("record-not-found");
    }

    @Test
    void replyThatBreaksTheContractFails() {
        answer = DELETED.replace("Durability", "Permanence");
        assertThatThrownBy(() -> client.delete(RECORDS + "k"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Durability is missing");
        assertThatThrownBy(() -> client.deleteAsync(RECORDS + "k").join())
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(AssertionError.class);
    }

    @Test
    void rawRequestsAreCheckedToo() {
        answer = chunkedProblem("not-found");
        var reply = client.sendRaw("GET /\t HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(reply.status()).isEqualTo(404);
        assertThat(reply.problem()).isEqualTo("not-found");
        answer = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
        assertThatThrownBy(() -> client.sendRaw("?\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Content-Type is missing");
    }

    @Test
    void anAnswerThatBreaksOffFails() {
        answer = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc";
        assertThatThrownBy(() -> client.sendRaw("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("3 of 5 bytes");
    }

    private static String chunkedProblem(String name) {
        var first = "{\"type\":\"urn:drey:problem:" + name + "\",";
        var second = "\"title\":\"T\",\"status\":404,\"detail\":\"D\"}";
        return "HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Type: application/problem+json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n"
                + Integer.toHexString(first.length()) + "\r\n" + first + "\r\n"
                + Integer.toHexString(second.length()) + "\r\n" + second + "\r\n0\r\n\r\n";
    }

    private void serve() {
        while (!server.isClosed()) {
            try (var socket = server.accept()) {
                answerOne(socket);
            } catch (IOException e) {
                // The test is over, or its client has gone: the loop's condition tells which.
            }
        }
    }

    private void answerOne(Socket socket) throws IOException {
        var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
        for (var line = reader.readLine(); line != null && !line.isEmpty(); line = reader.readLine()) {
            heard.add(line);
        }
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
        socket.shutdownOutput();
        while (reader.read() >= 0) {
            // Closing with unread input would reset the connection and might take the answer with it.
        }
    }
}
