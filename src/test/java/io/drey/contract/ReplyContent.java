// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/** Checks media type and body of a reply against the content of a described response. */
final class ReplyContent {
    private final Schemas schemas;

    ReplyContent(Schemas schemas) {
        this.schemas = schemas;
    }

    /** A reply that may not have a body may still tell the type of the one that it stands for, as HEAD does. */
    void check(ReceivedReply reply, JsonNode response) {
        if (!reply.mayHaveBody() && !response.has("content")) {
            return;
        }
        if (!reply.mayHaveBody()) {
            reply.headers().first("Content-Type").ifPresent(type -> content(type, response));
            return;
        }
        if (!response.has("content")) {
            if (reply.body().length > 0) {
                throw new AssertionError("there is a body and none is described");
            }
            return;
        }
        var type = reply.headers()
                .first("Content-Type")
                .map(MediaType::essence)
                .orElseThrow(() -> new AssertionError("the header Content-Type is missing"));
        var content = content(type, response);
        var decoded = ContentCoding.decode(reply.headers().first("Content-Encoding"), reply.body());
        decoded.ifPresent(bytes -> checkContent(reply, response, content, type, bytes));
    }

    /** The described content that fits best: an exact type before a range. */
    private static JsonNode content(String contentType, JsonNode response) {
        var essence = MediaType.essence(contentType);
        var described = response.path("content");
        if (described.has(essence)) {
            return described.get(essence);
        }
        return described.properties().stream()
                .filter(entry -> MediaType.matches(entry.getKey(), essence))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the media type " + essence + " is not described"));
    }

    private void checkContent(ReceivedReply reply, JsonNode response, JsonNode content, String type, byte[] body) {
        if (content.has("x-line-schema")) {
            checkLines(content.get("x-line-schema"), body);
        } else if (MediaType.isJson(type) && !response.path("content").has("*/*")) {
            var value = Schemas.parse(body);
            schemas.check("the body", content.path("schema"), value);
            checkMeaning(reply, response, type, value);
        }
    }

    private static void checkMeaning(ReceivedReply reply, JsonNode response, String type, JsonNode value) {
        if (type.equals("application/problem+json")) {
            Problems.check(reply.status(), value);
        }
        if (response.has("x-etag-member")) {
            checkTag(reply, value.path(response.get("x-etag-member").asText()));
        }
        Problems.checkInside(value);
    }

    private static void checkTag(ReceivedReply reply, JsonNode version) {
        var tag = reply.headers().first("ETag").map(text -> text.replaceAll("^W/|\"", ""));
        var expected = version.isNumber() ? Optional.of(version.asText()) : Optional.<String>empty();
        if (!tag.equals(expected)) {
            throw new AssertionError("ETag says " + tag.orElse("nothing") + " and the body version " + version);
        }
    }

    private void checkLines(JsonNode schema, byte[] body) {
        var lines = new String(body, StandardCharsets.UTF_8).split("\n", -1);
        if (!lines[lines.length - 1].isEmpty()) {
            throw new AssertionError("the last line has no end");
        }
        for (var i = 0; i < lines.length - 1; i++) {
            schemas.check("line " + (i + 1), schema, Schemas.parse(lines[i].getBytes(StandardCharsets.UTF_8)));
        }
    }
}
