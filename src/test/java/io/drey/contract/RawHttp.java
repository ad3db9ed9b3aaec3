// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Sends bytes over a socket and reads one HTTP/1.1 answer, for requests that no well-behaved client would make. */
public final class RawHttp {
    private static final int READ_TIMEOUT_MILLIS = 30_000;

    private final InputStream input;

    private RawHttp(InputStream input) {
        this.input = input;
    }

    /**
     * Sends the request and returns the first answer that is not a 1xx; then closes the connection.
     *
     * @throws UncheckedIOException when the connection fails, ends before a whole answer, or is silent for 30 s
     */
    public static Reply send(String host, int port, byte[] request) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), READ_TIMEOUT_MILLIS);
            socket.setSoTimeout(READ_TIMEOUT_MILLIS);
            writeAll(socket, request);
            var isHead = new String(request, StandardCharsets.ISO_8859_1).startsWith("HEAD ");
            return new RawHttp(new BufferedInputStream(socket.getInputStream())).read(isHead);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@link #send(String, int, byte[])} of text in which each character is one byte. */
    public static Reply send(String host, int port, String request) {
        return send(host, port, request.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static void writeAll(Socket socket, byte[] request) {
        try {
            socket.getOutputStream().write(request);
            socket.getOutputStream().flush();
        } catch (IOException e) {
            // A server may refuse and close before it has read everything; its answer is still to be read.
        }
    }

    private Reply read(boolean isHead) throws IOException {
        while (true) {
            var status = Integer.parseInt(line().split(" ", 3)[1]);
            var headers = headers();
            if (status >= 200) {
                var hasBody = !isHead && status != 204 && status != 304;
                return new Reply(status, headers, hasBody ? body(headers) : new byte[0]);
            }
        }
    }

    private HttpHeaders headers() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (var line = line(); !line.isEmpty(); line = line()) {
            var parts = line.split(":", 2);
            headers.computeIfAbsent(parts[0], name -> new ArrayList<>()).add(parts[1].strip());
        }
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    private byte[] body(HttpHeaders headers) throws IOException {
        if (headers.firstValue("Transfer-Encoding")
                .filter("chunked"::equalsIgnoreCase)
                .isPresent()) {
            return chunks();
        }
        var length = headers.firstValueAsLong("Content-Length");
        return length.isPresent() ? exactly(Math.toIntExact(length.getAsLong())) : input.readAllBytes();
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        for (var size = chunkSize(); size > 0; size = chunkSize()) {
            body.writeBytes(exactly(size));
            line();
        }
        headers();
        return body.toByteArray();
    }

    private int chunkSize() throws IOException {
        return Integer.parseInt(line().split(";", 2)[0].strip(), 16);
    }

    private byte[] exactly(int length) throws IOException {
        var bytes = input.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (var next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended within an answer");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }
}
