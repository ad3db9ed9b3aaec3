// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A JSON Patch, RFC 6902: steps that either all fit a value or leave it alone. Members that the RFC does not know are
 * ignored, as it demands. Immutable and safe on any thread as long as nobody changes the document it was read from.
 */
public final class JsonPatch {
    /** The depth that the JSON of operations has, 500, unless the caller says otherwise. */
    private static final int DEPTH_MAX = 500;

    private final List<Step> steps;

    private JsonPatch(List<Step> steps) {
        this.steps = steps;
    }

    /**
     * @throws MalformedJsonException when the document is no patch at all; whether it fits is only known with a target
     */
    public static JsonPatch parse(JsonNode document) throws MalformedJsonException {
        if (!(document instanceof ArrayNode array)) {
            throw new MalformedJsonException("a JSON Patch is an array of steps, found " + Json.typeOf(document), -1);
        }
        var steps = new ArrayList<Step>(array.size());
        for (JsonNode step : array) {
            try {
                steps.add(step(step));
            } catch (MalformedJsonException e) {
                throw new MalformedJsonException("step " + steps.size() + ": " + e.getMessage(), -1);
            }
        }
        return new JsonPatch(List.copyOf(steps));
    }

    /** As {@link #apply(JsonNode, long)}, without a bound on what is copied. */
    public JsonNode apply(JsonNode target) throws PatchFailedException {
        return apply(target, Long.MAX_VALUE);
    }

    /**
     * The patched value; the target itself is not changed and shares no container with the result.
     *
     * @param bytesMax how much all {@code copy} steps together may add, in bytes of text, roughly counted
     * @throws PatchFailedException when a step does not fit, or the result would be nested deeper than 500 levels
     */
    public JsonNode apply(JsonNode target, long bytesMax) throws PatchFailedException {
        return apply(target, bytesMax, DEPTH_MAX);
    }

    /** @param depthMax how deep the result may be nested */
    public JsonNode apply(JsonNode target, long bytesMax, int depthMax) throws PatchFailedException {
        var run = new PatchRun(target.deepCopy(), bytesMax, depthMax);
        for (int i = 0; i < steps.size(); i++) {
            run.step(i, steps.get(i));
        }
        return run.result();
    }

    /** A document that reads as this patch: its steps, without the members that were ignored. Shares their values. */
    public JsonNode document() {
        var document = JsonNodeFactory.instance.arrayNode(steps.size());
        for (var step : steps) {
            var node = document.addObject();
            node.put("op", step.kind().name().toLowerCase(Locale.ROOT));
            node.put("path", step.path().text());
            if (step.from() != null) {
                node.put("from", step.from().text());
            }
            if (step.value() != null) {
                node.set("value", step.value());
            }
        }
        return document;
    }

    private static Step step(JsonNode node) throws MalformedJsonException {
        if (!node.isObject()) {
            throw new MalformedJsonException("expected an object, found " + Json.typeOf(node), -1);
        }
        String name = text(node, "op");
        Kind kind =
                switch (name) {
                    case "add" -> Kind.ADD;
                    case "remove" -> Kind.REMOVE;
                    case "replace" -> Kind.REPLACE;
                    case "move" -> Kind.MOVE;
                    case "copy" -> Kind.COPY;
                    case "test" -> Kind.TEST;
                    default -> throw new MalformedJsonException("unknown op " + JsonText.shown(name), -1);
                };
        var path = PatchPointer.parse(text(node, "path"));
        return switch (kind) {
            case ADD, REPLACE, TEST -> new Step(kind, path, null, member(node, "value"));
            case MOVE, COPY -> new Step(kind, path, PatchPointer.parse(text(node, "from")), null);
            case REMOVE -> new Step(kind, path, null, null);
        };
    }

    private static String text(JsonNode step, String name) throws MalformedJsonException {
        JsonNode value = member(step, name);
        if (!value.isTextual()) {
            throw new MalformedJsonException(
                    "member \"" + name + "\": expected a string, found " + Json.typeOf(value), -1);
        }
        return value.textValue();
    }

    private static JsonNode member(JsonNode step, String name) throws MalformedJsonException {
        JsonNode value = step.get(name);
        if (value == null) {
            throw new MalformedJsonException("member \"" + name + "\" is missing", -1);
        }
        return value;
    }

    enum Kind {
        ADD,
        REMOVE,
        REPLACE,
        MOVE,
        COPY,
        TEST
    }

    /** {@code from} and {@code value} are null where the kind has none. */
    record Step(Kind kind, PatchPointer path, PatchPointer from, JsonNode value) {}
}
