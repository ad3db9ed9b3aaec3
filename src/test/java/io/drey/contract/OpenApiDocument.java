// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** The tree of {@code openapi.yaml}; follows its references one at a time, or inlines all of a schema. */
final class OpenApiDocument {
    private final JsonNode root;

    OpenApiDocument(JsonNode root) {
        this.root = root;
    }

    static OpenApiDocument load() {
        try (var stream = OpenApiDocument.class.getResourceAsStream("/openapi.yaml")) {
            if (stream == null) {
                throw new IllegalStateException("openapi.yaml is not on the class path");
            }
            return new OpenApiDocument(new YAMLMapper().readTree(stream));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode root() {
        return root;
    }

    /** The node itself, or what its {@code $ref} points to. */
    JsonNode resolve(JsonNode node) {
        var current = node;
        while (isReference(current)) {
            var reference = current.get("$ref").textValue();
            current = reference.startsWith("#")
                    ? root.at(reference.substring(1))
                    : JsonNodeFactory.instance.missingNode();
            if (current.isMissingNode()) {
                throw new IllegalStateException("nothing is at " + reference);
            }
        }
        return current;
    }

    /** A copy of a schema without references. Schemas of this document may not contain themselves. */
    JsonNode inline(JsonNode schema) {
        return inline(schema, new ArrayDeque<>());
    }

    private JsonNode inline(JsonNode node, Deque<String> path) {
        if (isReference(node)) {
            var reference = node.get("$ref").textValue();
            if (path.contains(reference)) {
                throw new IllegalStateException("a schema contains itself: " + reference);
            }
            path.push(reference);
            var inlined = inline(resolve(node), path);
            path.pop();
            return inlined;
        }
        if (node instanceof ObjectNode object) {
            var copy = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> copy.set(member.getKey(), inline(member.getValue(), path)));
            return copy;
        }
        if (node instanceof ArrayNode array) {
            var copy = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> copy.add(inline(element, path)));
            return copy;
        }
        return node;
    }

    private static boolean isReference(JsonNode node) {
        return node.isObject() && node.size() == 1 && node.path("$ref").isTextual();
    }
}
