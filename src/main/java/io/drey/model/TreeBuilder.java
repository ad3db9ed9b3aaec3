// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;

/** Makes a tree of what a scanner finds in one array of bytes. It compares whole names, so the scanner need not. */
final class TreeBuilder implements JsonTokens {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final byte[] bytes;
    private final int offset;
    private final ArrayDeque<JsonNode> open = new ArrayDeque<>();
    private JsonNode root;
    private String name;

    /** @param offset where in the array the text begins */
    TreeBuilder(byte[] bytes, int offset) {
        this.bytes = bytes;
        this.offset = offset;
    }

    JsonNode root() {
        return root;
    }

    @Override
    public void open(boolean object, long start) {
        JsonNode container = object ? NODES.objectNode() : NODES.arrayNode();
        place(container);
        open.push(container);
    }

    @Override
    public void close(long end) {
        open.pop();
    }

    @Override
    public void name(long start, long end) throws MalformedJsonException {
        name = JsonText.decode(bytes, offset + (int) start, offset + (int) end);
        if (open.peek().has(name)) {
            throw JsonScanner.duplicate(name, start);
        }
    }

    @Override
    public void scalar(long start, long end) {
        int from = offset + (int) start;
        int to = offset + (int) end;
        place(
                switch (bytes[from]) {
                    case '"' -> TextNode.valueOf(JsonText.decode(bytes, from, to));
                    case 't' -> BooleanNode.TRUE;
                    case 'f' -> BooleanNode.FALSE;
                    case 'n' -> NullNode.getInstance();
                    default -> new JsonNumber(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
                });
    }

    private void place(JsonNode node) {
        JsonNode parent = open.peek();
        if (parent == null) {
            root = node;
        } else if (parent instanceof ObjectNode object) {
            object.set(name, node);
        } else {
            ((ArrayNode) parent).add(node);
        }
    }
}
