// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.vertx.core.buffer.Buffer;

/**
 * Tells the owner of a key that it holds for an atomic batch what became of it; {@code entry} is the record now, null
 * when absent or untouched.
 */
record Settlement(long batch, RecordKey key, Kind kind, Entry entry) {
    Buffer toBuffer() {
        var buffer = Buffer.buffer(128);
        var out = new WireWriter(buffer);
        out.int64(batch);
        out.int64(key.space());
        out.bytes(key.bytes());
        out.int8(kind.ordinal());
        EntryWire.writeNullable(entry, out);
        return buffer;
    }

    static Settlement of(Buffer buffer) {
        return WireReader.whole(buffer, 0, in -> {
            long batch = in.int64();
            var key = new RecordKey(in.int64(), in.bytes());
            return new Settlement(batch, key, Kind.values()[in.int8()], EntryWire.readNullable(in));
        });
    }

    /** In the order of their numbers on the wire. */
    enum Kind {
        /** This is the record now. */
        COMMITTED,
        /** The record is what it was. */
        UNCHANGED,
        /** Nobody knows: the batch has to be shut out before the key is believed again. */
        DOUBTFUL
    }
}
