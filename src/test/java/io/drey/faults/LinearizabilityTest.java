// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static io.drey.faults.Linearizability.NEVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.faults.Linearizability.Action;
import io.drey.faults.Linearizability.CompareAndSet;
import io.drey.faults.Linearizability.Delete;
import io.drey.faults.Linearizability.Get;
import io.drey.faults.Linearizability.Increment;
import io.drey.faults.Linearizability.Operation;
import io.drey.faults.Linearizability.Put;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Histories that could and that could not have come from one register. */
class LinearizabilityTest {
    @Test
    void emptyHistoryIsGood() {
        good();
    }

    @Test
    void readAfterWriteSeesIt() {
        good(at(1, 2, put(7)), at(3, 4, new Get(7L)));
        bad(at(1, 2, put(7)), at(3, 4, new Get(null)));
    }

    @Test
    void readBesideWriteSeesEither() {
        good(at(1, 5, put(7)), at(2, 3, new Get(null)));
        good(at(1, 5, put(7)), at(2, 3, new Get(7L)));
        good(at(1, 6, put(7)), at(2, 3, new Get(null)), at(4, 5, new Get(7L)));
    }

    @Test
    void valueThatWasSeenDoesNotGoAway() {
        bad(at(1, 6, put(7)), at(2, 3, new Get(7L)), at(4, 5, new Get(null)));
    }

    @Test
    void valueThatNobodyWroteIsBad() {
        bad(at(1, 2, new Get(7L)));
    }

    @Test
    void staleReadIsBad() {
        bad(at(1, 2, put(1)), at(3, 4, put(2)), at(5, 6, new Get(1L)));
    }

    @Test
    void unansweredWriteMayHappenLateOrNever() {
        good(at(1, NEVER, put(7)), at(2, 3, new Get(null)), at(4, 5, new Get(7L)));
        good(at(1, NEVER, put(7)), at(2, 3, new Get(null)));
        bad(at(1, NEVER, put(7)), at(2, 3, new Get(7L)), at(4, 5, new Get(null)));
        bad(at(2, 3, new Get(7L)), at(4, NEVER, put(7)));
    }

    @Test
    void incrementIsNeverLostNorDoubled() {
        good(at(1, 4, new Increment(1, 2)), at(2, 3, new Increment(1, 1)), at(5, 6, new Get(2L)));
        bad(at(1, 4, new Increment(1, 1)), at(2, 3, new Increment(1, 1)));
        bad(at(1, 2, new Increment(1, 1)), at(3, 4, new Get(2L)));
    }

    @Test
    void oneOfTwoCompareAndSetsWins() {
        var won = new CompareAndSet(null, 1, true, 1L);
        good(at(1, 4, won), at(2, 3, new CompareAndSet(null, 2, false, 1L)));
        bad(at(1, 4, won), at(2, 3, new CompareAndSet(null, 2, true, 2L)));
        bad(at(1, 2, won), at(3, 4, new CompareAndSet(1L, 2, false, 1L)));
    }

    @Test
    void deletedStaysDeleted() {
        good(at(1, 2, put(1)), at(3, 4, new Delete(1L)), at(5, 6, new Get(null)));
        bad(at(1, 2, put(1)), at(3, 4, new Delete(1L)), at(5, 6, new Get(1L)));
        bad(at(1, 2, put(1)), at(3, 4, new Delete(null)));
    }

    @Test
    void createdIsToldOnce() {
        bad(at(1, 4, new Put(1, true)), at(2, 3, new Put(2, true)));
        good(at(1, 4, new Put(1, true)), at(2, 3, new Put(2, false)));
    }

    @Test
    void longHistoriesOfManyClientsAreGoodUntilOneAnswerIsChanged() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        var random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            var history = new ArrayList<Operation>();
            Long value = null;
            for (int i = 0; i < 300; i++) {
                Action action = random.nextBoolean() ? new Get(value) : new Increment(1, value == null ? 1 : value + 1);
                value = action.after(value);
                // Takes effect at 10 i, beside up to eight others before it and eight after it.
                history.add(at(10L * i - random.nextInt(80), 10L * i + random.nextInt(80), action));
            }
            assertThat(Linearizability.isLinearizable(history))
                    .as("seed %s", seed)
                    .isTrue();
            history.add(at(20_000, 20_001, new Get(-1L)));
            assertThat(Linearizability.isLinearizable(history))
                    .as("seed %s", seed)
                    .isFalse();
        }
    }

    /** As after long outages: every answer that never came is another operation that may have happened at any time. */
    @Test
    void historiesWithManyUnansweredWritesAreDecidedInTime() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        var random = new Random(seed);
        var history = new ArrayList<Operation>();
        Long value = null;
        for (int i = 0; i < 3_000; i++) {
            long called = 10L * i - random.nextInt(80);
            long answered = 10L * i + random.nextInt(80);
            if (random.nextInt(60) == 0) {
                history.add(at(called, NEVER, put(-i)));
                value = random.nextBoolean() ? Long.valueOf(-i) : value;
                continue;
            }
            Action action =
                    switch (random.nextInt(4)) {
                        case 0 -> new Put(i, value == null);
                        case 1 -> new CompareAndSet(value, i, true, (long) i);
                        case 2 -> new Delete(value);
                        default -> new Get(value);
                    };
            value = action.after(value);
            history.add(at(called, answered, action));
        }
        assertThat(Linearizability.isLinearizable(history)).as("seed %s", seed).isTrue();
    }

    private static Put put(long value) {
        return new Put(value, null);
    }

    private static Operation at(long called, long answered, Action action) {
        return new Operation(called, answered, action);
    }

    private static void good(Operation... operations) {
        assertThat(Linearizability.isLinearizable(List.of(operations))).isTrue();
    }

    private static void bad(Operation... operations) {
        assertThat(Linearizability.isLinearizable(List.of(operations))).isFalse();
    }
}
