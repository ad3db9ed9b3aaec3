// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The headers of one reply, found by name in any case, and their check against a described response. */
final class ReplyHeaders {
    private final Map<String, List<String>> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    ReplyHeaders(Map<String, List<String>> headers) {
        headers.forEach((name, list) -> {
            // The status line stands under the name null in some clients.
            if (name != null) {
                values.put(name, list);
            }
        });
    }

    Optional<String> first(String name) {
        return values.getOrDefault(name, List.of()).stream().findFirst();
    }

    /** Checks that what the response requires is there, and that what it describes fits. */
    void check(JsonNode response, OpenApiDocument document, Schemas schemas) {
        for (var entry : response.path("headers").properties()) {
            var name = entry.getKey();
            var header = document.resolve(entry.getValue());
            var value = first(name);
            if (value.isEmpty() && header.path("required").asBoolean()) {
                throw new AssertionError("the header " + name + " is missing");
            }
            value.ifPresent(text ->
                    schemas.check("the header " + name + ": " + text, header.path("schema"), new TextNode(text)));
        }
    }
}
