// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node tells the others when it has released or claimed partitions, so that they need not wait for their next
 * look into the ledger. Only a hint: who acts on it asks the ledger, and who misses it looks soon anyway.
 *
 * @param claimed epochs by partition
 */
record Move(String node, List<Integer> released, Map<Integer, Long> claimed) {
    private static final int FORMAT = 1;

    static Move released(String node, Collection<Integer> ids) {
        return new Move(node, List.copyOf(ids), Map.of());
    }

    static Move claimed(String node, Map<Integer, Long> epochs) {
        return new Move(node, List.of(), Map.copyOf(epochs));
    }

    Buffer toBuffer() {
        var buffer = Buffer.buffer(256);
        var out = new WireWriter(buffer);
        out.int8(FORMAT);
        out.text(node);
        out.int32(released.size());
        released.forEach(out::int32);
        out.int32(claimed.size());
        claimed.forEach((id, epoch) -> {
            out.int32(id);
            out.int64(epoch);
        });
        return buffer;
    }

    static Move of(Buffer buffer) {
        return WireReader.whole(buffer, 0, in -> {
            in.format("a move", FORMAT);
            var node = in.text();
            var released = new ArrayList<Integer>();
            for (int left = in.count(Integer.BYTES); left > 0; left--) {
                released.add(in.int32());
            }
            var claimed = new HashMap<Integer, Long>();
            for (int left = in.count(Integer.BYTES + Long.BYTES); left > 0; left--) {
                claimed.put(in.int32(), in.int64());
            }
            return new Move(node, released, claimed);
        });
    }
}
