// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** For each rule of the checker one reply that breaks it, beside replies that are right. */
class OpenApiContractTest {
    private static final OpenApiContract CONTRACT = OpenApiContract.load();
    private static final String RECORD = "/v1/stores/carts/records/cart%2F42";
    private static final String RECORDS = "/v1/stores/carts/records";
    private static final String PROBLEM = "application/problem+json";
    private static final String JSON = "application/json";
    private static final String LINES = "application/x-ndjson";
    private static final String ITEM =
            """
            {"key":"a","size":1,"contentType":"application/json","version":7,"createdAt":"2026-03-01T08:20:00.000Z",\
            "modifiedAt":"2026-03-01T08:20:00.000Z","expiresAt":null%s}""";

    @Test
    void rightRepliesPass() {
        accept("GET", RECORD, 200, "text/html", "<p>", readHeaders());
        accept("GET", RECORD, 304, null, "", Map.of("ETag", "\"7\""));
        accept("GET", RECORD, 304, JSON, "", Map.of("ETag", "\"7\""));
        accept("HEAD", RECORD, 200, "text/html", "", readHeaders());
        accept("PUT", RECORD, 204, null, "", Map.of("ETag", "W/\"7\"", "durability", "os"));
        accept("DELETE", RECORD, 204, null, "", Map.of("Durability", "fsync"));
        accept("PATCH", RECORD, 200, "application/hal+json", "null", Map.of("ETag", "\"7\"", "Durability", "os"));
        accept(
                "GET",
                "/health/ready",
                503,
                JSON,
                "{\"status\":\"DOWN\",\"reasons\":[\"x\"]}",
                Map.of("Retry-After", "1"));
        accept(
                "GET",
                RECORDS + "?limit=1",
                200,
                JSON + "; charset=utf-8",
                "{\"items\":[" + ITEM.formatted("") + "],\"prefixes\":[],\"next\":\"a\"}",
                Map.of());
        accept("GET", RECORDS, 200, LINES, ITEM.formatted(",\"value\":null") + "\n", Map.of());
        accept("GET", RECORDS, 200, LINES, "", Map.of());
        accept("OPTIONS", RECORD, 204, null, "", Map.of());
    }

    @Test
    void problemsFromBelowTheRouterPassWherever() {
        accept("GET", "/nowhere", 404, PROBLEM, problem(404, "not-found"), Map.of());
        accept("BREW", RECORD, 501, PROBLEM, problem(501, "not-implemented"), Map.of());
        accept("GET", RECORD, 414, PROBLEM, problem(414, "uri-too-long"), Map.of());
        accept("GET", "%", 400, PROBLEM, problem(400, "malformed"), Map.of());
        accept("POST", RECORD, 405, PROBLEM, problem(405, "method-not-allowed"), Map.of("Allow", "GET"));
    }

    @Test
    void dialectsPassUnseen() {
        accept("GET", "/v2/key-value-stores", 200, "x/y", "?", Map.of());
        accept("POST", "/api/records?key=a", 418, null, "?", Map.of());
    }

    @Test
    void filesOfPagesPassWhenFound() {
        accept("GET", "/docs/swagger-ui.css", 200, "text/css", "a{}", Map.of());
        reject("GET", "/docs/none.css", 404, "text/plain", "?", Map.of(), "media type text/plain");
        reject("GET", "/docs", 200, "text/css", "a{}", Map.of(), "media type text/css");
    }

    @Test
    void anEmptyOrEncodedKeyIsOneSegment() {
        accept("PUT", RECORDS + "/", 400, PROBLEM, problem(400, "invalid-key"), Map.of());
        accept("GET", RECORDS + "/%2E%2E?version=1", 400, PROBLEM, problem(400, "invalid-key"), Map.of());
        accept("PUT", RECORDS + "/history", 204, null, "", Map.of("ETag", "\"7\"", "Durability", "os"));
    }

    @Test
    void undescribedPathIsRejected() {
        reject("GET", "/v1/secrets", 200, JSON, "{}", Map.of(), "no described path");
        reject("GET", "/v1/secrets", 404, "text/plain", "gone", Map.of(), "media type text/plain");
    }

    @Test
    void undescribedMethodIsRejected() {
        reject("POST", RECORD, 200, JSON, "{}", Map.of("Durability", "os"), "no described path and method");
    }

    @Test
    void undescribedStatusIsRejected() {
        reject("GET", RECORD, 409, PROBLEM, problem(409, "wrong-type"), Map.of(), "status 409 is not described");
    }

    @Test
    void undescribedMediaTypeIsRejected() {
        reject("GET", RECORDS, 200, "text/html", "<p>", Map.of(), "media type text/html");
        reject("HEAD", RECORDS, 200, "text/html", "", Map.of(), "media type text/html");
        reject("GET", RECORDS, 200, null, "{}", Map.of(), "Content-Type is missing");
    }

    @Test
    void missingHeaderIsRejected() {
        var headers = readHeaders();
        headers.remove("ETag");
        reject("GET", RECORD, 200, "text/html", "<p>", headers, "header ETag is missing");
        reject("PATCH", RECORD, 415, PROBLEM, problem(415, "unsupported-media-type"), Map.of(), "Accept-Patch");
    }

    @Test
    void malformedHeaderIsRejected() {
        reject("PUT", RECORD, 204, null, "", Map.of("ETag", "7", "Durability", "os"), "header ETag");
        var headers = readHeaders();
        headers.put("Record-TTL", "1.23456");
        reject("GET", RECORD, 200, "text/html", "<p>", headers, "header Record-TTL");
    }

    @Test
    void bodyThatDoesNotFitItsSchemaIsRejected() {
        var page = "{\"items\":[%s],\"prefixes\":[],\"next\":null%s}";
        reject("GET", RECORDS, 200, JSON, page.formatted("", ",\"more\":1"), Map.of(), "does not fit");
        reject(
                "GET",
                RECORDS,
                200,
                JSON,
                page.formatted(ITEM.replace("7", "\"7\"").formatted(""), ""),
                Map.of(),
                "version");
        reject("GET", RECORDS, 200, JSON, "{\"items\":[]}", Map.of(), "does not fit");
        reject("GET", RECORDS, 200, JSON, "{\"items\":[]", Map.of(), "not JSON");
        reject("GET", RECORDS, 200, JSON, "", Map.of(), "empty");
    }

    @Test
    void bodyWhereNoneMayBeIsRejected() {
        reject("PUT", RECORD, 204, null, "x", Map.of("ETag", "\"7\"", "Durability", "os"), "body where none may be");
        reject("GET", RECORD, 304, null, "x", Map.of("ETag", "\"7\""), "body where none may be");
        reject("HEAD", RECORD, 200, "text/html", "x", readHeaders(), "body where none may be");
        reject("PUT", RECORD, 201, JSON, "{}", Map.of("ETag", "\"7\"", "Durability", "os"), "none is described");
    }

    @Test
    void wrongLineIsRejected() {
        var right = ITEM.formatted(",\"value\":1") + "\n";
        reject("GET", RECORDS, 200, LINES, right + ITEM.formatted("") + "\n", Map.of(), "line 2");
        reject("GET", RECORDS, 200, LINES, right + "\n", Map.of(), "empty");
        reject("GET", RECORDS, 200, LINES, ITEM.formatted(",\"value\":1"), Map.of(), "last line");
    }

    @Test
    void writeWithoutDurabilityIsRejected() {
        reject("DELETE", RECORD, 204, null, "", Map.of(), "Durability is missing");
        reject("DELETE", RECORD, 204, null, "", Map.of("Durability", "memory"), "Durability is memory");
    }

    @Test
    void errorThatIsNoProblemIsRejected() {
        reject("GET", RECORD, 404, JSON, problem(404, "record-not-found"), Map.of(), "media type application/json");
        reject("GET", RECORD, 404, PROBLEM, "{\"title\":\"x\"}", Map.of(), "does not fit");
        reject(
                "GET",
                RECORD,
                404,
                PROBLEM,
                problem(404, "record-not-found").replace("Detail.", ""),
                Map.of(),
                "detail");
    }

    @Test
    void problemWithAnotherStatusIsRejected() {
        reject("GET", RECORD, 404, PROBLEM, problem(400, "malformed"), Map.of(), "says status 400");
    }

    @Test
    void problemNameOfAnotherStatusIsRejected() {
        reject("GET", RECORD, 404, PROBLEM, problem(404, "forbidden"), Map.of(), "is none of");
        reject("GET", RECORD, 404, PROBLEM, problem(404, "lost"), Map.of(), "is none of");
    }

    @Test
    void problemWithoutItsFactsIsRejected() {
        reject("PUT", RECORD, 413, PROBLEM, problem(413, "too-large"), Map.of(), "limit");
        reject("PUT", RECORD, 412, PROBLEM, problem(412, "precondition-failed"), Map.of(), "version");
        reject("PUT", RECORD, 504, PROBLEM, problem(504, "unknown-outcome"), Map.of(), "outcome");
    }

    @Test
    @DisplayName("503, 401, 405 and 416 without their headers are rejected")
    void problemWithoutItsHeaderIsRejected() {
        var unavailable = problem(503, "unavailable").replace("}", ",\"reason\":\"x\"}");
        accept("GET", RECORD, 503, PROBLEM, unavailable, Map.of("Retry-After", "1"));
        reject("GET", RECORD, 503, PROBLEM, unavailable, Map.of(), "Retry-After");
        reject("GET", RECORD, 401, PROBLEM, problem(401, "unauthorized"), Map.of(), "WWW-Authenticate");
        reject("GET", RECORD, 401, PROBLEM, problem(401, "unauthorized"), Map.of("WWW-Authenticate", "Basic"), "Basic");
        reject("POST", RECORD, 405, PROBLEM, problem(405, "method-not-allowed"), Map.of(), "Allow");
        reject("GET", RECORD, 416, PROBLEM, problem(416, "range-not-satisfiable"), Map.of(), "Content-Range");
    }

    @Test
    void problemThatTellsInternalsIsRejected() {
        for (var leak :
                List.of("io.drey.http.Server", "java.lang.String", "NullPointerException", "A.java:12", "at a.b")) {
            var body = problem(400, "malformed").replace("Detail.", leak);
            reject("GET", RECORD, 400, PROBLEM, body, Map.of(), "tells internals");
        }
        accept("GET", RECORD, 400, PROBLEM, problem(400, "malformed").replace("Detail.", "Look at that."), Map.of());
        var echo = problem(404, "record-not-found").replace("}", ",\"key\":\"io.drey.Main\"}");
        accept("GET", RECORD, 404, PROBLEM, echo, Map.of());
    }

    @Test
    void recordsMayContainWhatProblemsMayNot() {
        accept("GET", RECORD, 200, JSON, "\"java.lang.Exception\"", readHeaders());
    }

    @Test
    void tagThatContradictsTheBodyIsRejected() {
        var path = RECORD + "/pop";
        var body = "{\"value\":[],\"version\":7,\"popped\":1}";
        accept("POST", path, 200, JSON, body, Map.of("ETag", "\"7\"", "Durability", "os"));
        reject("POST", path, 200, JSON, body, Map.of("ETag", "\"8\"", "Durability", "os"), "ETag says 8");
        reject("POST", path, 200, JSON, body, Map.of("Durability", "os"), "ETag says nothing");
        accept("POST", path, 200, JSON, body.replace("7", "null").replace("[]", "null"), Map.of("Durability", "os"));
    }

    @Test
    void problemsInsideABatchAreChecked() {
        var path = "/v1/stores/carts/batch";
        var durable = Map.of("Durability", "fsync");
        var results = "{\"results\":[{\"status\":204},{\"status\":201,\"version\":7},{\"status\":404,\"value\":null},"
                + "{\"status\":200,\"value\":1,\"version\":8},{\"status\":200,\"base64\":\"\",\"contentType\":\"a/b\","
                + "\"version\":8},%s]}";
        accept("POST", path, 200, JSON, results.formatted(problem(404, "record-not-found")), durable);
        reject("POST", path, 200, JSON, results.formatted(problem(404, "malformed")), durable, "is none of");
        reject("POST", path, 200, JSON, results.formatted("{\"status\":200}"), durable, "does not fit");
    }

    private static Map<String, String> readHeaders() {
        return new HashMap<>(Map.of(
                "ETag", "\"7\"",
                "Last-Modified", "Mon, 02 Mar 2026 10:00:00 GMT",
                "Accept-Ranges", "bytes",
                "X-Content-Type-Options", "nosniff"));
    }

    private static String problem(int status, String name) {
        return "{\"type\":\"%s%s\",\"title\":\"Title\",\"status\":%d,\"detail\":\"Detail.\"}"
                .formatted(Problems.PREFIX, name, status);
    }

    private static void accept(
            String method, String target, int status, String type, String body, Map<String, String> headers) {
        assertThatCode(() -> check(method, target, status, type, body, headers)).doesNotThrowAnyException();
    }

    private static void reject(
            String method,
            String target,
            int status,
            String type,
            String body,
            Map<String, String> headers,
            String why) {
        assertThatThrownBy(() -> check(method, target, status, type, body, headers))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining(why)
                .hasMessageContaining(method + " " + target + ": " + status);
    }

    private static void check(
            String method, String target, int status, String type, String body, Map<String, String> headers) {
        var lists = new HashMap<String, List<String>>();
        headers.forEach((name, value) -> lists.put(name, List.of(value)));
        if (type != null) {
            lists.put("content-type", List.of(type));
        }
        CONTRACT.check(method, target, status, lists, body.getBytes(StandardCharsets.UTF_8));
        assertThat(lists).doesNotContainKey(null);
    }
}
