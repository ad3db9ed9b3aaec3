// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.drey.model.Value;
import io.vertx.core.buffer.Buffer;

/** Records between nodes, with their versions; bytes in memory are copied once, large values go by their name. */
final class EntryWire {
    private static final int FORMAT = 1;
    private static final int INLINE = 1;
    private static final int STORED = 2;

    private EntryWire() {}

    /** Appends a message that is an entry and nothing else; {@code entry} null for an absent record. */
    static void write(Entry entry, Buffer to) {
        var out = new WireWriter(to);
        out.int8(FORMAT);
        writeNullable(entry, out);
    }

    /** Reads the message from {@code position} to the end of the buffer, see {@link WireException}. */
    static Entry read(Buffer from, int position) {
        return WireReader.whole(from, position, in -> {
            in.format("an entry", FORMAT);
            return readNullable(in);
        });
    }

    /** A part of a message, without a format of its own. */
    static void writeNullable(Entry entry, WireWriter out) {
        out.flag(entry != null);
        if (entry == null) {
            return;
        }
        out.text(entry.contentType());
        out.int64(entry.version());
        out.int64(entry.createdAt());
        out.int64(entry.modifiedAt());
        out.int64(entry.expiresAt());
        writeValue(entry.value(), out);
    }

    static Entry readNullable(WireReader in) {
        if (!in.flag()) {
            return null;
        }
        String contentType = in.text();
        long version = in.int64();
        long createdAt = in.int64();
        long modifiedAt = in.int64();
        long expiresAt = in.int64();
        return new Entry(readValue(in), contentType, version, createdAt, modifiedAt, expiresAt);
    }

    static void writeValue(Value value, WireWriter out) {
        if (value instanceof Value.Inline inline) {
            out.int8(INLINE);
            out.bytes(inline.bytes());
        } else if (value instanceof Value.Stored stored) {
            out.int8(STORED);
            out.int64(stored.id());
            out.int64(stored.size());
        } else {
            throw new IllegalArgumentException("no form on the wire for " + value);
        }
    }

    static Value readValue(WireReader in) {
        int tag = in.int8();
        return switch (tag) {
            case INLINE -> new Value.Inline(in.bytes());
            case STORED -> new Value.Stored(in.int64(), in.int64());
            default -> throw new UnknownFormatException("a kind of value", tag);
        };
    }
}
