// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.head;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.contract.CheckedClient;
import io.drey.contract.RawHttp;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** HTTP itself: versions, methods, malformed requests, browsers from elsewhere. */
class ProtocolIT {
    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String store = NODE.store();
    private final String path = store + "/records/k";

    @Test
    void wrongMethodsAreToldTheRightOnes() {
        var allowed = Map.of(
                path,
                "DELETE, GET, HEAD, OPTIONS, PATCH, PUT",
                path + "/increment",
                "OPTIONS, POST",
                path + "/history",
                "GET, HEAD, OPTIONS",
                store + "/batch",
                "OPTIONS, POST",
                store + "/records",
                "DELETE, GET, HEAD, OPTIONS, POST",
                "/v1/stores",
                "GET, HEAD, OPTIONS, POST",
                "/v1/cluster",
                "GET, HEAD, OPTIONS",
                "/health/live",
                "GET, HEAD, OPTIONS");
        allowed.forEach((target, methods) -> {
            for (var method : List.of("GET", "PUT", "POST", "PATCH", "DELETE", "TRACE", "FOO", "PROPFIND")) {
                if (!List.of(methods.split(", ")).contains(method)) {
                    var reply = NODE.raw(head(method, target));
                    assertThat(reply.status()).as("%s %s", method, target).isEqualTo(405);
                    var allow = List.of(reply.header("Allow").orElse("").split(", "));
                    assertThat(allow).containsExactlyInAnyOrder(methods.split(", "));
                }
            }
        });
        assertThat(client.get("/v1/nothing").problem()).isEqualTo("not-found");
        assertThat(client.get("/v1/").problem()).isEqualTo("not-found");
        assertThat(client.get("//v1/stores").problem()).isEqualTo("not-found");
    }

    @Test
    void headWorksWhereGetDoes() {
        client.put(path, "[1]", "application/json");
        for (var target : List.of(
                path,
                path + "/history",
                store,
                store + "/records",
                store + "/dependents",
                "/v1/stores",
                "/v1/tokens",
                "/v1/cluster",
                "/health/live",
                "/health/ready",
                "/metrics",
                "/openapi.yaml",
                "/docs",
                "/")) {
            var got = client.get(target);
            var head = client.head(target);
            assertThat(head.status()).as(target).isEqualTo(got.status()).isEqualTo(200);
            assertThat(head.body()).isEmpty();
            assertThat(head.header("Content-Type")).isEqualTo(got.header("Content-Type"));
            assertThat(head.header("ETag")).isEqualTo(got.header("ETag"));
        }
        for (var target : List.of(path + "none", "/v1/none", "/v1/stores/none", path.replace("/k", "/"))) {
            assertThat(client.head(target).status())
                    .as(target)
                    .isEqualTo(client.get(target).status());
        }
    }

    @Test
    void browsersFromElsewhereMayAsk() {
        var none = client.withToken(null);
        var preflight = none.send(
                "OPTIONS", path, null, "Origin", "https://app.example", "Access-Control-Request-Method", "PUT");
        assertThat(preflight.status()).isEqualTo(204);
        assertThat(preflight.header("Access-Control-Allow-Origin")).contains("*");
        assertThat(preflight.header("Access-Control-Allow-Methods").orElse("")).contains("PUT", "PATCH", "DELETE");
        assertThat(preflight.header("Access-Control-Allow-Headers").orElse("").toLowerCase())
                .contains(
                        "authorization",
                        "content-type",
                        "if-match",
                        "if-none-match",
                        "idempotency-key",
                        "range",
                        "last-event-id");
        assertThat(preflight.header("Access-Control-Allow-Credentials")).isEmpty();
        client.put(path, "1", "application/json");
        for (var reply : List.of(
                client.get(path, "Origin", "https://app.example"), none.get(path, "Origin", "https://app.example"))) {
            assertThat(reply.header("Access-Control-Allow-Origin")).contains("*");
            assertThat(reply.header("Access-Control-Expose-Headers").orElse(""))
                    .contains("ETag", "Location", "Durability", "Idempotency-Replayed", "Record-TTL", "Retry-After");
        }
        assertThat(none.send("OPTIONS", store, null).header("Allow").orElse("")).contains("PATCH");
        assertThat(none.send("OPTIONS", "/v1/nothing", null).status()).isBetween(200, 204);
    }

    @Test
    void configuredOriginsOnlyMayAsk() {
        try (var node = TestNode.start("--http.cors-origins=https://a.example,https://b.example")) {
            var other = node.client().get("/v1/stores", "Origin", "https://c.example");
            assertThat(other.header("Access-Control-Allow-Origin")).isEmpty();
            var known = node.client().get("/v1/stores", "Origin", "https://b.example");
            assertThat(known.header("Access-Control-Allow-Origin")).contains("https://b.example");
            assertThat(known.header("Vary").orElse("")).contains("Origin");
        }
    }

    @Test
    void requestsThatAreNoneAreAnsweredWithAProblem() {
        for (var line : List.of(
                "\u0001\u0002",
                "GET / HTTP/1.1 x",
                "GET /a b HTTP/1.1",
                "GET nothing HTTP/1.1",
                "GET /\u007f HTTP/1.1",
                "GET /#a HTTP/1.1")) {
            var reply = NODE.raw(
                    line + "\r\nHost: x\r\nAuthorization: Bearer " + TestNode.ADMIN + "\r\nConnection: close\r\n\r\n");
            assertThat(reply.status()).as(line).isIn(400, 501, 505);
            assertThat(reply.header("Content-Type")).contains("application/problem+json");
        }
        for (var headers : List.of(
                "Content-Length: x",
                "Content-Length: -1",
                "Content-Length: 1\r\nContent-Length: 2",
                "No colon here",
                "Bad Name: x")) {
            var reply = NODE.raw(head("PUT", path, headers) + "0\r\n\r\n");
            assertThat(reply.status()).as(headers).isEqualTo(400);
            assertThat(reply.problem()).isEqualTo("malformed");
        }
        assertThat(client.get(path).status()).isEqualTo(404);
    }

    /** Vert.x answers these itself, before any of our code sees them, with a status alone. */
    @Test
    void unknownVersionsAreRefused() {
        for (var version : List.of("HTTP/3.0", "HTTP/1.9", "HTTX/1.1")) {
            var reply = RawHttp.send(
                    "127.0.0.1", NODE.port(), "GET / " + version + "\r\nHost: x\r\nConnection: close\r\n\r\n");
            assertThat(reply.status()).as(version).isIn(400, 501, 505);
        }
    }

    @Test
    void longLinesAndHeadersAreRefused() {
        var line = client.get("/v1/stores?prefix=" + "x".repeat(17_000));
        assertThat(line.status()).isEqualTo(414);
        assertThat(line.problem()).isEqualTo("uri-too-long");
        assertThat(client.get("/v1/stores?prefix=" + "x".repeat(15_000)).status())
                .isEqualTo(200);
        var headers = client.get("/v1/stores", "X-Long", "x".repeat(33_000));
        assertThat(headers.status()).isEqualTo(431);
        assertThat(headers.problem()).isEqualTo("headers-too-large");
        assertThat(client.get("/v1/stores", "X-Long", "x".repeat(30_000)).status())
                .isEqualTo(200);
    }

    @Test
    void oldAndNewVersionsOfHttpWork() throws Exception {
        client.put(path, "[1]", "application/json");
        var old = NODE.raw("GET " + path + " HTTP/1.0\r\nAuthorization: Bearer " + TestNode.ADMIN + "\r\n\r\n");
        assertThat(old.status()).isEqualTo(200);
        assertThat(old.text()).isEqualTo("[1]");
        var http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();
        for (int i = 0; i < 3; i++) {
            var body = new byte[200_000];
            var put = http.send(
                    request(path)
                            .PUT(HttpRequest.BodyPublishers.ofByteArray(body))
                            .build(),
                    BodyHandlers.ofString());
            assertThat(put.statusCode()).isEqualTo(204);
            var got = http.send(request(path).build(), BodyHandlers.ofByteArray());
            assertThat(got.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(got.body()).isEqualTo(body);
        }
        var missing = http.send(request(store + "/records/%2e%2e").DELETE().build(), BodyHandlers.ofString());
        assertThat(missing.statusCode()).isEqualTo(400);
        var large = http.send(
                request("/v1/stores").header("X-Long", "x".repeat(30_000)).build(), BodyHandlers.ofString());
        assertThat(large.statusCode()).isEqualTo(200);
    }

    private static HttpRequest.Builder request(String target) {
        return HttpRequest.newBuilder(URI.create(NODE.url() + target))
                .header("Authorization", "Bearer " + TestNode.ADMIN);
    }

    @Test
    void absoluteTargetsWork() {
        assertThat(NODE.raw(head("GET", NODE.url() + "/v1/stores")).status()).isEqualTo(200);
    }
}
