// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Whether operations on one register could have happened one at a time, each at an instant between its call and its
 * answer. The search of Wing and Gong, with Lowe's memory of states already tried: it takes any operation that was
 * called before every other open one was answered, as the next, and goes back when that leads nowhere. An operation
 * without an answer may take effect at any time after its call, or never. Values are numbers; absent is null.
 */
final class Linearizability {
    /** The time of an answer that never came. */
    static final long NEVER = Long.MAX_VALUE;

    private final List<Operation> operations;
    private final Set<Tried> tried = new HashSet<>();
    private final int answered;

    private Linearizability(List<Operation> history) {
        operations = new ArrayList<>(history);
        operations.sort(Comparator.comparingLong(Operation::called));
        answered = (int) operations.stream().filter(Operation::isAnswered).count();
    }

    /** Whether the operations, listed in any order, are a linearizable history of a register that begins absent. */
    static boolean isLinearizable(List<Operation> history) {
        return new Linearizability(history).search();
    }

    private boolean search() {
        var done = new BitSet(operations.size());
        var path = new ArrayList<Step>();
        Long value = null;
        int settled = 0;
        int from = 0;
        while (settled < answered) {
            int next = next(done, from, value);
            if (next < 0) {
                if (path.isEmpty()) {
                    return false;
                }
                var last = path.remove(path.size() - 1);
                done.clear(last.operation());
                settled -= operations.get(last.operation()).isAnswered() ? 1 : 0;
                value = last.before();
                from = last.operation() + 1;
                continue;
            }
            path.add(new Step(next, value));
            done.set(next);
            settled += operations.get(next).isAnswered() ? 1 : 0;
            value = operations.get(next).action().after(value);
            from = 0;
        }
        return true;
    }

    /** The first operation from an index on that may come next and was not tried in this state; -1 for none. */
    private int next(BitSet done, int from, Long value) {
        long firstAnswer = NEVER;
        for (int i = done.nextClearBit(0); i < operations.size(); i = done.nextClearBit(i + 1)) {
            var operation = operations.get(i);
            if (operation.called() > firstAnswer) {
                return -1;
            }
            firstAnswer = Math.min(firstAnswer, operation.answered());
            if (i >= from && isNew(done, i, value)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isNew(BitSet done, int index, Long value) {
        var operation = operations.get(index);
        if (operation.isAnswered() && !operation.action().fits(value)) {
            return false;
        }
        var then = (BitSet) done.clone();
        then.set(index);
        return tried.add(new Tried(then, operation.action().after(value)));
    }

    /** What an operation does with the value and whether its answer fits the value that it met. */
    sealed interface Action {
        boolean fits(Long before);

        Long after(Long before);
    }

    /** Reads; null for absent. */
    record Get(Long found) implements Action {
        @Override
        public boolean fits(Long before) {
            return Objects.equals(before, found);
        }

        @Override
        public Long after(Long before) {
            return before;
        }
    }

    /** Writes; whether it has created the record is null while not known. */
    record Put(long value, Boolean created) implements Action {
        @Override
        public boolean fits(Long before) {
            return created == null || created == (before == null);
        }

        @Override
        public Long after(Long before) {
            return value;
        }
    }

    /** Removes and tells what was there, null for nothing. */
    record Delete(Long removed) implements Action {
        @Override
        public boolean fits(Long before) {
            return Objects.equals(before, removed);
        }

        @Override
        public Long after(Long before) {
            return null;
        }
    }

    /** Writes if it meets what it expects; {@code found} is the value afterwards. */
    record CompareAndSet(Long expected, long value, boolean applied, Long found) implements Action {
        @Override
        public boolean fits(Long before) {
            return applied == Objects.equals(before, expected) && (applied || Objects.equals(before, found));
        }

        @Override
        public Long after(Long before) {
            return Objects.equals(before, expected) ? Long.valueOf(value) : before;
        }
    }

    /** Adds, absent counting as 0; {@code sum} is the value afterwards. */
    record Increment(long by, long sum) implements Action {
        @Override
        public boolean fits(Long before) {
            return after(before) == sum;
        }

        @Override
        public Long after(Long before) {
            return (before == null ? 0 : before) + by;
        }
    }

    /**
     * One operation of one client.
     *
     * @param called when it was sent
     * @param answered when its answer had arrived, or {@link #NEVER}; its action then tells no answer
     */
    record Operation(long called, long answered, Action action) {
        boolean isAnswered() {
            return answered != NEVER;
        }
    }

    private record Step(int operation, Long before) {}

    private record Tried(BitSet done, Long value) {}
}
