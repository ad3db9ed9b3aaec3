// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * One application of a JSON Patch to a copy of its target. A short patch can mean very much work: copies double what
 * they copy, and each insertion at the head of an array moves all of it. Both are counted and refused past a bound.
 */
final class PatchRun {
    /** Array elements that insertions and removals may move, all together: one or two gigabytes of references. */
    private static final long ELEMENTS_MOVED_MAX = 250_000_000L;

    private final int depthMax;
    private JsonNode root;
    private long bytesLeft;
    private long elementsLeft = ELEMENTS_MOVED_MAX;
    private boolean mayBeDeep;

    private int index;
    private PatchPointer path;

    /** @param root changed in place */
    PatchRun(JsonNode root, long bytesMax, int depthMax) {
        this.root = root;
        this.bytesLeft = bytesMax;
        this.depthMax = depthMax;
    }

    void step(int number, JsonPatch.Step step) throws PatchFailedException {
        index = number;
        path = step.path();
        switch (step.kind()) {
            case ADD -> {
                mayBeDeep = true;
                add(step.value().deepCopy());
            }
            case REMOVE -> remove(path);
            case REPLACE -> replace(step.value().deepCopy());
            case MOVE -> move(step.from());
            case COPY -> {
                JsonNode source = find(step.from());
                measure(source);
                mayBeDeep = true;
                add(source.deepCopy());
            }
            case TEST -> {
                if (!Json.sameValue(find(path), step.value())) {
                    throw failed("the value there is not the one expected");
                }
            }
        }
    }

    /**
     * Depth is judged at the end, for later steps may undo it; with no step that can add to it there is nothing to
     * judge.
     */
    JsonNode result() throws PatchFailedException {
        if (mayBeDeep && Json.depth(root) > depthMax) {
            throw failed("the result is nested deeper than " + depthMax + " levels");
        }
        return root;
    }

    private void add(JsonNode value) throws PatchFailedException {
        if (path.isRoot()) {
            root = value;
            return;
        }
        JsonNode parent = parent(path);
        if (parent instanceof ObjectNode object) {
            object.set(path.last(), value);
            return;
        }
        ArrayNode array = (ArrayNode) parent;
        int at = path.last().equals("-") ? array.size() : arrayIndex(path.last());
        if (at < 0 || at > array.size()) {
            throw failed("there is no place " + JsonText.shown(path.last()) + " in an array of " + array.size());
        }
        countMoved(array.size() - at);
        array.insert(at, value);
    }

    private JsonNode remove(PatchPointer from) throws PatchFailedException {
        if (from.isRoot()) {
            throw failed("the whole document cannot be removed");
        }
        JsonNode parent = parent(from);
        if (parent instanceof ObjectNode object) {
            JsonNode removed = object.remove(from.last());
            if (removed == null) {
                throw noSuch(from);
            }
            return removed;
        }
        ArrayNode array = (ArrayNode) parent;
        int at = elementIndex(array, from);
        countMoved(array.size() - at);
        return array.remove(at);
    }

    private void replace(JsonNode value) throws PatchFailedException {
        mayBeDeep = true;
        if (path.isRoot()) {
            root = value;
            return;
        }
        find(path);
        JsonNode parent = parent(path);
        if (parent instanceof ObjectNode object) {
            object.set(path.last(), value);
            return;
        }
        ((ArrayNode) parent).set(arrayIndex(path.last()), value);
    }

    private void move(PatchPointer from) throws PatchFailedException {
        if (from.isProperPrefixOf(path)) {
            throw failed("a value cannot be moved into itself");
        }
        JsonNode source = find(from);
        if (from.tokens().equals(path.tokens())) {
            return;
        }
        mayBeDeep = true;
        if (path.isRoot()) {
            root = source;
            return;
        }
        add(remove(from));
    }

    private JsonNode find(PatchPointer pointer) throws PatchFailedException {
        return descend(pointer, pointer.tokens().size());
    }

    /** The object or array that holds, or is to hold, what the pointer leads to. */
    private JsonNode parent(PatchPointer pointer) throws PatchFailedException {
        JsonNode parent = descend(pointer, pointer.tokens().size() - 1);
        if (!parent.isContainerNode()) {
            throw failed("a " + Json.typeOf(parent) + " has no members" + whose(pointer));
        }
        return parent;
    }

    private JsonNode descend(PatchPointer pointer, int levels) throws PatchFailedException {
        JsonNode node = root;
        for (int i = 0; i < levels; i++) {
            String token = pointer.tokens().get(i);
            int at = node.isArray() ? arrayIndex(token) : -1;
            node = node.isArray() ? (at < 0 ? null : node.get(at)) : node.get(token);
            if (node == null) {
                throw noSuch(pointer);
            }
        }
        return node;
    }

    private int elementIndex(ArrayNode array, PatchPointer pointer) throws PatchFailedException {
        int at = arrayIndex(pointer.last());
        if (at < 0 || at >= array.size()) {
            throw noSuch(pointer);
        }
        return at;
    }

    /** The index, or -1 when the token is none by RFC 6901: digits without a superfluous zero. */
    private static int arrayIndex(String token) {
        if (token.isEmpty() || token.length() > 9 || token.length() > 1 && token.charAt(0) == '0') {
            return -1;
        }
        int index = 0;
        for (int i = 0; i < token.length(); i++) {
            int digit = token.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            index = index * 10 + digit;
        }
        return index;
    }

    private void countMoved(int elements) throws PatchFailedException {
        elementsLeft -= elements;
        if (elementsLeft < 0) {
            throw failed("the patch moves too many array elements");
        }
    }

    /** Counts the text of a value against what may be copied, and its depth, before anything is copied. */
    private void measure(JsonNode source) throws PatchFailedException {
        var open = new ArrayDeque<Iterator<JsonNode>>();
        JsonNode next = source;
        while (true) {
            bytesLeft -= next.isContainerNode() ? 2 : next.asText().length() + 2L;
            if (next instanceof ObjectNode object) {
                for (var names = object.fieldNames(); names.hasNext(); ) {
                    bytesLeft -= names.next().length() + 4L;
                }
            }
            if (next.isContainerNode()) {
                open.push(next.elements());
            }
            if (bytesLeft < 0) {
                throw failed("the patch copies more than is allowed");
            }
            if (open.size() > depthMax) {
                throw failed("the result is nested deeper than " + depthMax + " levels");
            }
            while (!open.isEmpty() && !open.peek().hasNext()) {
                open.pop();
            }
            if (open.isEmpty()) {
                return;
            }
            next = open.peek().next();
        }
    }

    private PatchFailedException noSuch(PatchPointer pointer) {
        return failed("there is no such value" + whose(pointer));
    }

    private String whose(PatchPointer pointer) {
        return pointer == path ? "" : " at " + JsonText.shown(pointer.text()) + ", where it should come from";
    }

    private PatchFailedException failed(String reason) {
        return new PatchFailedException(index, path == null ? "" : path.text(), reason);
    }
}
