// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The top-level members of a JSON object with the bytes of each value as they stand in the text. Reading checks the
 * whole object, values too, in one pass; it keeps a reference to the array it was given, which must not change
 * afterwards. Not safe for concurrent use until it has been handed over safely; never blocks.
 */
public final class JsonMembers {
    private final byte[] bytes;
    private final int depthMax;
    private final Map<String, Slice> members;

    private JsonMembers(byte[] bytes, int depthMax, Map<String, Slice> members) {
        this.bytes = bytes;
        this.depthMax = depthMax;
        this.members = members;
    }

    /**
     * Reads an object strictly, as {@link Json#parse} does.
     *
     * @throws MalformedJsonException also when the text is JSON but no object; offsets count from {@code offset}
     */
    public static JsonMembers of(byte[] bytes, int offset, int length, int depthMax) throws MalformedJsonException {
        return read(new Slice(bytes, offset, length), depthMax, true);
    }

    /** In the order of the text. */
    public Set<String> names() {
        return Collections.unmodifiableSet(members.keySet());
    }

    public boolean has(String name) {
        return members.containsKey(name);
    }

    /** A copy of the bytes of a value without the white space around it, null when the member is missing. */
    public byte[] raw(String name) {
        var slice = members.get(name);
        return slice == null ? null : slice.copy();
    }

    /** Where a value stands, null when the member is missing. */
    public Slice slice(String name) {
        return members.get(name);
    }

    /** The value as a tree, made anew at each call; null when the member is missing. */
    public JsonNode node(String name) {
        var slice = members.get(name);
        return slice == null ? null : slice.node();
    }

    /** The type of a value as in {@link Json#typeOf}, null when the member is missing. */
    public String typeOf(String name) {
        var slice = members.get(name);
        return slice == null ? null : slice.type();
    }

    /**
     * Where the elements of an array stand.
     *
     * @throws MalformedJsonException when the member is missing or no array
     */
    public List<Slice> elements(String name) throws MalformedJsonException {
        var slice = members.get(name);
        if (slice == null) {
            throw new MalformedJsonException("member " + JsonText.shown(name) + " is missing", -1);
        }
        if (!slice.type().equals("array")) {
            throw new MalformedJsonException(
                    "member " + JsonText.shown(name) + ": expected an array, found " + slice.type(), -1);
        }
        var elements = new ArrayList<Slice>();
        JsonScanner.scan(bytes, slice.offset, slice.length, depthMax, new TopLevel(slice, elements), false);
        return Collections.unmodifiableList(elements);
    }

    /**
     * The elements of an array of objects, each with its own members.
     *
     * @throws MalformedJsonException when the member is missing, no array, or has an element that is no object
     */
    public List<JsonMembers> objects(String name) throws MalformedJsonException {
        var elements = elements(name);
        var objects = new ArrayList<JsonMembers>(elements.size());
        for (int i = 0; i < elements.size(); i++) {
            var element = elements.get(i);
            if (!element.type().equals("object")) {
                throw new MalformedJsonException(
                        "element " + i + " of " + JsonText.shown(name) + ": expected an object, found "
                                + element.type(),
                        -1);
            }
            objects.add(read(element, depthMax, false));
        }
        return Collections.unmodifiableList(objects);
    }

    private static JsonMembers read(Slice text, int depthMax, boolean unchecked) throws MalformedJsonException {
        var members = new LinkedHashMap<String, Slice>();
        JsonScanner.scan(text.bytes, text.offset, text.length, depthMax, new TopLevel(text, members), unchecked);
        return new JsonMembers(text.bytes, depthMax, members);
    }

    /** A value inside a larger text that has been checked already; the array is shared and must not be changed. */
    public static final class Slice {
        private final byte[] bytes;
        private final int offset;
        private final int length;

        private Slice(byte[] bytes, int offset, int length) {
            this.bytes = bytes;
            this.offset = offset;
            this.length = length;
        }

        public byte[] bytes() {
            return bytes;
        }

        /** Where the value begins in {@link #bytes}. */
        public int offset() {
            return offset;
        }

        /** In bytes. */
        public int length() {
            return length;
        }

        public byte[] copy() {
            return Arrays.copyOfRange(bytes, offset, offset + length);
        }

        /** The value as a tree, made anew at each call. */
        public JsonNode node() {
            try {
                return Json.parse(bytes, offset, length, Integer.MAX_VALUE);
            } catch (MalformedJsonException changed) {
                throw new IllegalStateException("the bytes were changed after they had been checked", changed);
            }
        }

        /** As in {@link Json#typeOf}. */
        public String type() {
            return typeOfFirst(bytes[offset]);
        }

        @Override
        public String toString() {
            return new String(bytes, offset, length, StandardCharsets.UTF_8);
        }
    }

    private static String typeOfFirst(byte first) {
        return switch (first) {
            case '{' -> "object";
            case '[' -> "array";
            case '"' -> "string";
            case 't', 'f' -> "boolean";
            case 'n' -> "null";
            default -> "number";
        };
    }

    /** Notes where the values directly inside the outermost object or array begin and end. */
    private static final class TopLevel implements JsonTokens {
        private final Slice text;
        private final Map<String, Slice> members;
        private final List<Slice> elements;
        private int depth;
        private long start;
        private String name;

        TopLevel(Slice text, Map<String, Slice> members) {
            this.text = text;
            this.members = members;
            this.elements = null;
        }

        TopLevel(Slice text, List<Slice> elements) {
            this.text = text;
            this.members = null;
            this.elements = elements;
        }

        @Override
        public void open(boolean object, long at) throws MalformedJsonException {
            if (depth == 0) {
                expectContainer(at);
            }
            if (depth == 1) {
                start = at;
            }
            depth++;
        }

        @Override
        public void close(long end) {
            depth--;
            if (depth == 1) {
                value(start, end);
            }
        }

        @Override
        public void name(long at, long end) {
            if (depth == 1) {
                name = JsonText.decode(text.bytes, text.offset + (int) at, text.offset + (int) end);
            }
        }

        @Override
        public void scalar(long at, long end) throws MalformedJsonException {
            if (depth == 0) {
                expectContainer(at);
            }
            if (depth == 1) {
                value(at, end);
            }
        }

        private void expectContainer(long at) throws MalformedJsonException {
            String found = typeOfFirst(text.bytes[text.offset + (int) at]);
            if (!found.equals(members == null ? "array" : "object")) {
                String expected = members == null ? "an array" : "an object";
                throw new MalformedJsonException("expected " + expected + ", found " + found, at);
            }
        }

        private void value(long at, long end) {
            var slice = new Slice(text.bytes, text.offset + (int) at, (int) (end - at));
            if (members == null) {
                elements.add(slice);
            } else {
                members.put(name, slice);
            }
        }
    }
}
