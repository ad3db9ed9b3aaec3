// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Outcome;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * The commands of other nodes that were taken in, so that a message which arrives twice is executed once. A command is
 * remembered until well after its time is over by the same clock that refuses late ones. For one event loop.
 */
final class Taken {
    private static final long LONGER_MILLIS = 2_000;

    private final Map<Id, Future<Outcome>> outcomes = new HashMap<>();
    private final Queue<Until> oldest = new ArrayDeque<>();

    /** Null when it was not taken in under this claim. */
    Future<Outcome> find(long command, long epoch) {
        return outcomes.get(new Id(command, epoch));
    }

    /** {@code deadline} in the ledger's milliseconds. */
    void add(long command, long epoch, long deadline, Future<Outcome> outcome) {
        var id = new Id(command, epoch);
        outcomes.put(id, outcome);
        oldest.add(new Until(id, deadline + LONGER_MILLIS));
    }

    /** The limits of commands differ little, so the oldest goes first; a longer one only keeps others longer. */
    void forget(long now) {
        while (!oldest.isEmpty() && oldest.peek().time() < now) {
            outcomes.remove(oldest.poll().id());
        }
    }

    private record Id(long command, long epoch) {}

    private record Until(Id id, long time) {}
}
