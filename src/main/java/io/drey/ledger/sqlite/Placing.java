// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Payloads;
import io.drey.ledger.sqlite.RecordRows.Placed;
import io.drey.model.Value;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds a place for the values of one record's share of a commit, and counts who names which payload. */
final class Placing {
    private final Turn turn;
    private final List<Source> done = new ArrayList<>(2);
    private final Map<Long, Long> references = new HashMap<>(4);

    Placing(Turn turn) {
        this.turn = turn;
    }

    static boolean isLarge(Value value) {
        return value instanceof Value.Inline inline && inline.bytes().length > Payloads.INLINE_BYTES_MAX;
    }

    /** Small values stay in their rows; large ones become payloads, the same bytes one and the same. */
    Placed place(Value value) throws SQLException {
        for (Source source : done) {
            if (value instanceof Value.Inline inline && inline.bytes() == source.bytes()) {
                return counted(source.placed());
            }
        }
        return counted(placed(value));
    }

    void release(long payload) {
        references.merge(payload, -1L, Long::sum);
    }

    void writeReferences() throws SQLException {
        for (var reference : references.entrySet()) {
            PayloadRows.refer(turn, reference.getKey(), reference.getValue());
        }
    }

    private Placed placed(Value value) throws SQLException {
        if (value instanceof Value.Stored stored) {
            return new Placed(value, stored.size(), null, stored.id(), 0);
        }
        byte[] bytes = ((Value.Inline) value).bytes();
        Placed placed;
        if (isLarge(value)) {
            long id = PayloadRows.write(turn, bytes);
            placed = new Placed(new Value.Stored(id, bytes.length), bytes.length, null, id, 0);
        } else {
            placed = new Placed(value, bytes.length, bytes, null, Checksums.value(bytes));
        }
        done.add(new Source(bytes, placed));
        return placed;
    }

    private Placed counted(Placed placed) {
        if (placed.payload() != null) {
            references.merge(placed.payload(), 1L, Long::sum);
        }
        return placed;
    }

    /** Bytes that have found their place. */
    private record Source(byte[] bytes, Placed placed) {}
}
