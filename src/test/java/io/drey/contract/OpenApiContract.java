// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Holds the replies of a server to what {@code openapi.yaml} describes. Every test that speaks HTTP sends its replies
 * through here. The dialects under {@code /v2} and {@code /api/records} and the event-bus bridge have formats of their
 * own and pass unseen, and so do scripts and pictures that the pages load, when they are found. OPTIONS is not
 * described for each path and may be any success. Thread-safe.
 */
public final class OpenApiContract {
    private static final List<String> FOREIGN = List.of("/v2", "/api/records", "/eventbus");
    private static final List<String> PAGE_FILES = List.of("/docs/", "/assets/", "/webjars/");
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");
    private static final String ANY_REQUEST = "x-any-request";
    private static final String NO_OPERATION = "x-no-operation";

    private final OpenApiDocument document;
    private final Routes routes;
    private final Schemas schemas;
    private final ReplyContent content;

    private OpenApiContract(OpenApiDocument document) {
        this.document = document;
        this.routes = new Routes(document);
        this.schemas = new Schemas(document);
        this.content = new ReplyContent(schemas);
    }

    /** Reads the document from the class path. */
    public static OpenApiContract load() {
        return new OpenApiContract(OpenApiDocument.load());
    }

    /**
     * Checks one reply.
     *
     * @param method as it was sent
     * @param rawPathAndQuery the request target as it was sent, nothing decoded
     * @param headers of the reply; names in any case
     * @param body of the reply; empty for none
     * @throws AssertionError naming the request, the reply and what is wrong with it
     */
    public void check(
            String method, String rawPathAndQuery, int status, Map<String, List<String>> headers, byte[] body) {
        if (isForeign(Routes.path(rawPathAndQuery))) {
            return;
        }
        var reply = new ReceivedReply(method, rawPathAndQuery, status, new ReplyHeaders(headers), body);
        try {
            check(reply);
        } catch (AssertionError e) {
            throw new AssertionError(e.getMessage() + "\nin the reply to " + reply, e);
        }
    }

    private void check(ReceivedReply reply) {
        checkNoBodyWhereNoneMayBe(reply);
        if (isUndescribed(reply)) {
            return;
        }
        var described = describe(reply);
        checkDurability(reply, described);
        reply.headers().check(described.response, document, schemas);
        content.check(reply, described.response);
    }

    /** The description that the reply has to meet: of its operation, else of what may answer any request. */
    private Response describe(ReceivedReply reply) {
        var found = routes.find(reply.method(), reply.target());
        var key = String.valueOf(reply.status());
        var operation = found.map(Routes.Described::operation).orElse(MissingNode.getInstance());
        var response = operation.path("responses").path(key);
        if (response.isMissingNode()) {
            response = document.root().path(ANY_REQUEST).path(key);
        }
        if (response.isMissingNode() && found.isEmpty()) {
            response = document.root().path(NO_OPERATION).path(key);
        }
        if (response.isMissingNode()) {
            throw new AssertionError(found.map(f -> "status " + key + " is not described for the path " + f.path())
                    .orElse("no described path and method fit, so status " + key + " may not be"));
        }
        return new Response(operation, document.resolve(response));
    }

    private static void checkNoBodyWhereNoneMayBe(ReceivedReply reply) {
        if (!reply.mayHaveBody() && reply.body().length > 0) {
            throw new AssertionError("there is a body where none may be");
        }
    }

    /** An operation that is no write in spite of its method says {@code x-write: false}. */
    private static void checkDurability(ReceivedReply reply, Response described) {
        var isWrite = !READS.contains(reply.method())
                && described.operation.path("x-write").asBoolean(true);
        if (isWrite && reply.isSuccess()) {
            var durability = reply.headers().first("Durability");
            if (durability.isEmpty() || !Set.of("fsync", "os").contains(durability.get())) {
                throw new AssertionError("a write succeeded and Durability is " + durability.orElse("missing"));
            }
        }
    }

    private static boolean isUndescribed(ReceivedReply reply) {
        var path = Routes.path(reply.target());
        var isPageFile = PAGE_FILES.stream().anyMatch(path::startsWith) && READS.contains(reply.method());
        return (reply.isSuccess() && reply.method().equals("OPTIONS"))
                || (isPageFile && (reply.isSuccess() || reply.status() == 304));
    }

    private static boolean isForeign(String path) {
        return FOREIGN.stream().anyMatch(prefix -> path.equals(prefix) || path.startsWith(prefix + "/"));
    }

    private record Response(JsonNode operation, JsonNode response) {}
}
