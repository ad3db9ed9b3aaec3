// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import io.drey.contract.Reply;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One HTTP/1.1 connection that is kept open between requests and that never repeats one by itself: an
 * {@link IOException} leaves open what became of the request, unless it is a {@link java.net.ConnectException}. For one
 * thread at a time.
 */
final class WireClient implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;

    private final InetSocketAddress server;
    private final String token;
    private final int readMillis;
    private Socket socket;
    private InputStream input;

    WireClient(int port, String token) {
        this(new InetSocketAddress("127.0.0.1", port), token, READ_MILLIS);
    }

    /** Gives an answer up, with a {@link java.net.SocketTimeoutException}, when nothing of it comes for so long. */
    WireClient(InetSocketAddress server, String token, int readMillis) {
        this.server = server;
        this.token = token;
        this.readMillis = readMillis;
    }

    Reply get(String path, String... headers) throws IOException {
        return send("GET", path, null, headers);
    }

    Reply put(String path, String json, String... headers) throws IOException {
        return send("PUT", path, bytes(json), withJson(headers));
    }

    Reply post(String path, String json, String... headers) throws IOException {
        return send("POST", path, bytes(json), withJson(headers));
    }

    Reply delete(String path, String... headers) throws IOException {
        return send("DELETE", path, null, headers);
    }

    /** Headers are names and values in turn; {@code body} is null for none. */
    Reply send(String method, String path, byte[] body, String... headers) throws IOException {
        try {
            connect();
            write(method, path, body, headers);
            var reply = read(method.equals("HEAD"));
            if (reply.header("Connection").filter("close"::equalsIgnoreCase).isPresent()) {
                close();
            }
            return reply;
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    /** Has the next request open another connection, as after a restart of the server. */
    void reconnect() {
        close();
    }

    @Override
    public void close() {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException e) {
                // It is of no more use either way.
            }
            socket = null;
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String[] withJson(String... headers) {
        var all = new ArrayList<>(List.of("Content-Type", "application/json"));
        all.addAll(List.of(headers));
        return all.toArray(String[]::new);
    }

    private void connect() throws IOException {
        if (socket == null) {
            var opened = new Socket();
            socket = opened;
            opened.setTcpNoDelay(true);
            opened.connect(server, Math.min(CONNECT_MILLIS, readMillis));
            opened.setSoTimeout(readMillis);
            input = new BufferedInputStream(opened.getInputStream());
        }
    }

    private void write(String method, String path, byte[] body, String... headers) throws IOException {
        var host = server.getHostString() + ":" + server.getPort();
        var head = new StringBuilder(method + " " + path + " HTTP/1.1\r\nHost: " + host + "\r\n");
        if (token != null) {
            head.append("Authorization: Bearer ").append(token).append("\r\n");
        }
        for (int i = 0; i < headers.length; i += 2) {
            head.append(headers[i]).append(": ").append(headers[i + 1]).append("\r\n");
        }
        if (body != null) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        var request = new ByteArrayOutputStream();
        request.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        if (body != null) {
            request.writeBytes(body);
        }
        OutputStream output = socket.getOutputStream();
        request.writeTo(output);
        output.flush();
    }

    private Reply read(boolean isHead) throws IOException {
        while (true) {
            var words = line().split(" ", 3);
            int status = Integer.parseInt(words[1]);
            var headers = headers();
            if (status >= 200) {
                boolean hasBody = !isHead && status != 204 && status != 304;
                return new Reply(status, headers, hasBody ? body(headers) : new byte[0]);
            }
        }
    }

    private HttpHeaders headers() throws IOException {
        Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        for (var line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.computeIfAbsent(line.substring(0, colon), name -> new ArrayList<>(1))
                    .add(line.substring(colon + 1).strip());
        }
        return HttpHeaders.of(headers, (name, value) -> true);
    }

    private byte[] body(HttpHeaders headers) throws IOException {
        if (headers.firstValue("Transfer-Encoding")
                .filter("chunked"::equalsIgnoreCase)
                .isPresent()) {
            return chunks();
        }
        return exactly(
                Math.toIntExact(headers.firstValueAsLong("Content-Length").orElse(0)));
    }

    private byte[] chunks() throws IOException {
        var body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().split(";", 2)[0].strip(), 16);
            if (size == 0) {
                headers();
                return body.toByteArray();
            }
            body.writeBytes(exactly(size));
            line();
        }
    }

    private byte[] exactly(int length) throws IOException {
        var bytes = input.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the answer ended after " + bytes.length + " of " + length + " bytes");
        }
        return bytes;
    }

    private String line() throws IOException {
        var line = new StringBuilder(64);
        for (int next = input.read(); next != '\n'; next = input.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended before a whole answer");
            }
            line.append((char) next);
        }
        int end = line.length();
        return line.substring(0, end > 0 && line.charAt(end - 1) == '\r' ? end - 1 : end);
    }
}
