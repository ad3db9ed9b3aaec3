// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * An HTTP/1.1 client for tests that sends paths exactly as they are given and holds every reply to the contract. A
 * reply that breaks it is an {@link AssertionError}, in the asynchronous calls as the cause of the failure. Headers are
 * given as names and values in turn. Methods block up to {@link #TIMEOUT}; the client is thread-safe and needs no
 * closing.
 *
 * <p>A path must be made of the characters that {@link URI} takes; {@link #sendRaw} sends anything. The JDK repeats a
 * GET or HEAD whose connection broke before an answer; other methods are sent once, so a write may fail on a connection
 * that the server has closed while it lay idle, as after a restart.
 */
public final class CheckedClient {
    /** How long one request may take altogether. */
    public static final Duration TIMEOUT = Duration.ofSeconds(30);

    private static final HttpClient HTTP = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final String JSON = "application/json";

    private final URI base;
    private final String token;

    /**
     * @param base such as {@code http://127.0.0.1:8080}, without a path
     * @param token sent with every request; null for none
     */
    public CheckedClient(String base, String token) {
        this.base = URI.create(base);
        this.token = token;
    }

    /** The same server with another token, or with none for null. */
    public CheckedClient withToken(String other) {
        return new CheckedClient(base.toString(), other);
    }

    public Reply get(String path, String... headers) {
        return send("GET", path, null, headers);
    }

    public Reply head(String path, String... headers) {
        return send("HEAD", path, null, headers);
    }

    public Reply put(String path, byte[] body, String contentType, String... headers) {
        return send("PUT", path, body, withType(contentType, headers));
    }

    public Reply put(String path, String body, String contentType, String... headers) {
        return put(path, body.getBytes(StandardCharsets.UTF_8), contentType, headers);
    }

    public Reply post(String path, byte[] body, String contentType, String... headers) {
        return send("POST", path, body, withType(contentType, headers));
    }

    /** Posts JSON; another type is a matter of {@link #post(String, byte[], String, String...)}. */
    public Reply post(String path, String json, String... headers) {
        return post(path, json.getBytes(StandardCharsets.UTF_8), JSON, headers);
    }

    public Reply patch(String path, String body, String contentType, String... headers) {
        return send("PATCH", path, body.getBytes(StandardCharsets.UTF_8), withType(contentType, headers));
    }

    public Reply delete(String path, String... headers) {
        return send("DELETE", path, null, headers);
    }

    /** Sends anything; {@code body} is null for none. */
    public Reply send(String method, String path, byte[] body, String... headers) {
        try {
            var response = HTTP.send(request(method, path, body, headers), BodyHandlers.ofByteArray());
            return checked(method, path, response);
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted in " + method + " " + path, e);
        }
    }

    public CompletableFuture<Reply> getAsync(String path, String... headers) {
        return sendAsync("GET", path, null, headers);
    }

    public CompletableFuture<Reply> putAsync(String path, byte[] body, String contentType, String... headers) {
        return sendAsync("PUT", path, body, withType(contentType, headers));
    }

    public CompletableFuture<Reply> postAsync(String path, String json, String... headers) {
        return sendAsync("POST", path, json.getBytes(StandardCharsets.UTF_8), withType(JSON, headers));
    }

    public CompletableFuture<Reply> deleteAsync(String path, String... headers) {
        return sendAsync("DELETE", path, null, headers);
    }

    /** As {@link #send}, without waiting. Fails with an {@link IOException} when the connection does. */
    public CompletableFuture<Reply> sendAsync(String method, String path, byte[] body, String... headers) {
        return HTTP.sendAsync(request(method, path, body, headers), BodyHandlers.ofByteArray())
                .thenApply(response -> checked(method, path, response));
    }

    /**
     * Sends bytes as they are, over a connection of their own, and checks the answer against the method and target that
     * stand on the first line, if any do. The token is not added.
     */
    public Reply sendRaw(byte[] request) {
        var reply = RawHttp.send(base.getHost(), base.getPort(), request);
        var words = new String(request, StandardCharsets.ISO_8859_1).split("[ \r\n]", 3);
        var target = words.length > 1 ? words[1] : "";
        CONTRACT.check(words[0], target, reply.status(), reply.headers().map(), reply.body());
        return reply;
    }

    private HttpRequest request(String method, String path, byte[] body, String... headers) {
        var request =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT).method(method, body(body));
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return headers.length == 0 ? request.build() : request.headers(headers).build();
    }

    private static BodyPublisher body(byte[] body) {
        return body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body);
    }

    private static Reply checked(String method, String path, HttpResponse<byte[]> response) {
        var reply = new Reply(response.statusCode(), response.headers(), response.body());
        CONTRACT.check(method, path, reply.status(), reply.headers().map(), reply.body());
        return reply;
    }

    private static String[] withType(String contentType, String... headers) {
        if (contentType == null) {
            return headers;
        }
        var all = new String[headers.length + 2];
        all[0] = "Content-Type";
        all[1] = contentType;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return all;
    }
}
