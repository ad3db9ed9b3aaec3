// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;

/** Requests, or answers to them, that travel together: where answers go, then each with its number and length. */
final class Parcel {
    private static final int FORMAT = 1;

    private final Buffer buffer = Buffer.buffer(1_024);
    private final List<Long> ids = new ArrayList<>();

    /** {@code answers} is the address for answers, empty in a parcel that is one. */
    Parcel(String answers) {
        var out = new WireWriter(buffer);
        out.int8(FORMAT);
        out.text(answers);
    }

    void add(long id, Buffer content) {
        ids.add(id);
        buffer.appendLong(id).appendInt(content.length()).appendBuffer(content);
    }

    List<Long> ids() {
        return ids;
    }

    Buffer toBuffer() {
        return buffer;
    }

    static void read(Buffer buffer, Reader reader) {
        var in = new WireReader(buffer, 0);
        in.format("a parcel", FORMAT);
        var answers = in.text();
        while (in.remaining() > 0) {
            long id = in.int64();
            int length = in.count(1);
            int start = in.position();
            in.skip(length);
            reader.read(answers, id, buffer.slice(start, start + length));
        }
    }

    /** Gets the contents one by one, in their order. */
    interface Reader {
        void read(String answers, long id, Buffer content);
    }
}
