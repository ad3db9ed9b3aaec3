// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.function.BiPredicate;

/**
 * JSON values as Jackson trees, read strictly by RFC 8259 and written back with the digits of every number as they
 * stood. All methods are pure, safe on any thread and never block.
 */
public final class Json {
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private Json() {}

    /**
     * Reads one value. UTF-8 only; duplicate members, a byte order mark, trailing text and an empty text are refused.
     *
     * @param depthMax how many arrays and objects may lie inside each other; 0 admits scalars only
     */
    public static JsonNode parse(byte[] bytes, int depthMax) throws MalformedJsonException {
        return parse(bytes, 0, bytes.length, depthMax);
    }

    /** Reads the value in a part of an array; offsets in the exception count from the start of that part. */
    public static JsonNode parse(byte[] bytes, int offset, int length, int depthMax) throws MalformedJsonException {
        var builder = new TreeBuilder(bytes, offset);
        JsonScanner.scan(bytes, offset, length, depthMax, builder, false);
        return builder.root();
    }

    /** Compact UTF-8; a lone surrogate is written as an escape. */
    public static byte[] write(JsonNode node) {
        var writer = new JsonWriter();
        writer.write(node);
        return writer.bytes();
    }

    /** Deep equality: members in any order, numbers by their exact values, so that 1, 1.0 and 10e-1 are the same. */
    public static boolean sameValue(JsonNode a, JsonNode b) {
        if (a == b) {
            return true;
        }
        String type = typeOf(a);
        if (!type.equals(typeOf(b))) {
            return false;
        }
        return switch (type) {
            case "object" -> sameMembers(a, b);
            case "array" -> sameElements(a, b, Json::sameValue);
            case "number" -> sameNumber(a, b);
            case "null" -> true;
            case "boolean" -> a.booleanValue() == b.booleanValue();
            default -> a.asText().equals(b.asText());
        };
    }

    /** Whether both would be written alike: same order of members, same digits. */
    public static boolean sameText(JsonNode a, JsonNode b) {
        if (a == b) {
            return true;
        }
        String type = typeOf(a);
        if (!type.equals(typeOf(b))) {
            return false;
        }
        return switch (type) {
            case "object" -> sameMembersInOrder(a, b);
            case "array" -> sameElements(a, b, Json::sameText);
            case "null" -> true;
            default -> a.asText().equals(b.asText());
        };
    }

    /** One of {@code null boolean number string array object}; Java's null counts as the first. */
    public static String typeOf(JsonNode node) {
        if (node == null) {
            return "null";
        }
        return switch (node.getNodeType()) {
            case NULL, MISSING -> "null";
            case BOOLEAN -> "boolean";
            case NUMBER -> "number";
            case STRING, BINARY, POJO -> "string";
            case ARRAY -> "array";
            case OBJECT -> "object";
        };
    }

    /** How many arrays and objects lie inside each other: 0 for a scalar, 1 for {@code []}. Safe at any depth. */
    public static int depth(JsonNode node) {
        int deepest = 0;
        var open = new ArrayDeque<Iterator<JsonNode>>();
        JsonNode next = node;
        while (true) {
            if (next.isContainerNode()) {
                open.push(next.elements());
                deepest = Math.max(deepest, open.size());
            }
            while (!open.isEmpty() && !open.peek().hasNext()) {
                open.pop();
            }
            if (open.isEmpty()) {
                return deepest;
            }
            next = open.peek().next();
        }
    }

    /**
     * The number in plain notation without superfluous zeros: 3 for 3.0 and 3000 for 3E+3. The exponent is written out,
     * so it must have been bounded before.
     */
    public static JsonNode number(BigDecimal value) {
        return new JsonNumber(value.stripTrailingZeros().toPlainString());
    }

    /** For all other JSON of the project, settings and records of ours: strict too, fractions as decimals. */
    public static ObjectMapper mapper() {
        return MAPPER;
    }

    /** Trees made by others may hold Java's NaN and infinities, which are no JSON numbers. */
    static boolean isFiniteNumber(JsonNode node) {
        if (!node.isNumber()) {
            return false;
        }
        return !(node.isDouble() || node.isFloat()) || Double.isFinite(node.doubleValue());
    }

    private static boolean sameMembers(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (var member : a.properties()) {
            JsonNode other = b.get(member.getKey());
            if (other == null || !sameValue(member.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameMembersInOrder(JsonNode a, JsonNode b) {
        if (a.size() != b.size()) {
            return false;
        }
        var others = b.properties().iterator();
        for (var member : a.properties()) {
            var other = others.next();
            if (!member.getKey().equals(other.getKey()) || !sameText(member.getValue(), other.getValue())) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameElements(JsonNode a, JsonNode b, BiPredicate<JsonNode, JsonNode> same) {
        if (a.size() != b.size()) {
            return false;
        }
        Iterator<JsonNode> others = b.elements();
        for (JsonNode element : a) {
            if (!same.test(element, others.next())) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameNumber(JsonNode a, JsonNode b) {
        if (a.asText().equals(b.asText())) {
            return true;
        }
        return isFiniteNumber(a)
                && isFiniteNumber(b)
                && new NumberText(a.asText()).sameValue(new NumberText(b.asText()));
    }
}
