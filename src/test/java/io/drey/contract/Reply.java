// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One answer of a server, read to its end.
 *
 * @param status the HTTP status
 * @param headers found by name in any case
 * @param body as it arrived, still coded if it was; empty for none
 */
public record Reply(int status, HttpHeaders headers, byte[] body) {
    /** The body as JSON, integers of any size kept. */
    public JsonNode json() {
        return Schemas.parse(body);
    }

    /** The body as UTF-8. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    public Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    /** The entity tag with its quotes, ready for {@code If-Match}; the weak form loses its mark. */
    public String etag() {
        return header("ETag")
                .map(tag -> tag.startsWith("W/") ? tag.substring(2) : tag)
                .orElseThrow(() -> new AssertionError("there is no ETag in " + this));
    }

    /** The version that the entity tag tells. */
    public long version() {
        return Long.parseLong(etag().replace("\"", ""));
    }

    /** The name of the problem, such as {@code record-not-found}. */
    public String problem() {
        return json().path("type").asText().substring(Problems.PREFIX.length());
    }

    @Override
    public String toString() {
        return status + " " + headers.map() + " " + text();
    }
}
