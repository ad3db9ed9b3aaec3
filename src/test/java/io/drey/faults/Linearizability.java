// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whether operations on one register could have happened one at a time, each at an instant between its call and its
 * answer. The search of Wing and Gong, with Lowe's memory of states already tried: it takes any operation that was
 * called before every other open one was answered, as the next, and goes back when that leads nowhere. An operation
 * without an answer may take effect at any time after its call, or never. Values are numbers; absent is null.
 */
final class Linearizability {
    /** The time of an answer that never came. */
    static final long NEVER = Long.MAX_VALUE;

    /** Where the search is given up; good histories need about one state for each operation. */
    private static final int STATES_MAX = 1_000_000;

    /** Stands for all values that no answer speaks of. */
    private static final Long UNSEEN = Long.MIN_VALUE;

    private final List<Operation> operations;
    /** For each state the unanswered operations that had happened when it was reached. */
    private final Map<State, List<BitSet>> tried = new HashMap<>();

    private final Set<Long> spoken;
    private final boolean knowsAllValues;
    private final int answered;
    private int states;
    /** The first answered operation that no order got past. */
    private int furthest;

    private Linearizability(List<Operation> history) {
        operations = new ArrayList<>(history);
        // What was never answered comes last: it is tried only where the answered ones lead no further.
        operations.sort(Comparator.comparing(Operation::isAnswered).reversed().thenComparingLong(Operation::called));
        answered = (int) operations.stream().filter(Operation::isAnswered).count();
        spoken = operations.stream()
                .flatMap(operation -> values(operation.action()))
                .collect(Collectors.toSet());
        // One that is unanswered makes a value that stands nowhere.
        knowsAllValues = operations.stream()
                .noneMatch(operation -> !operation.isAnswered() && operation.action() instanceof Increment);
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
                if (i >= answered) {
                    return -1;
                }
                // None of the answered ones that follow was called earlier; go on with the others.
                i = answered - 1;
                continue;
            }
            firstAnswer = Math.min(firstAnswer, operation.answered());
            if (i >= from && isFirstOfItsKind(done, i) && isNew(done, i, value)) {
                return i;
            }
        }
        return -1;
    }

    /** Of unanswered operations that do the same, only the one called first: any other could change places with it. */
    private boolean isFirstOfItsKind(BitSet done, int index) {
        var operation = operations.get(index);
        if (operation.isAnswered() || !isCommon(operation.action())) {
            return true;
        }
        for (int i = done.nextClearBit(answered); i < index; i = done.nextClearBit(i + 1)) {
            var earlier = operations.get(i).action();
            if (isCommon(earlier) && earlier.getClass() == operation.action().getClass()) {
                return false;
            }
        }
        return true;
    }

    /** Whether all unanswered operations of its class do the same: delete, or write what no answer speaks of. */
    private boolean isCommon(Action action) {
        return action instanceof Delete || action instanceof Put put && UNSEEN.equals(seen(put.value()));
    }

    /**
     * Whether its answer fits and leads to a state from which there may be a way on. When there was none from a state
     * that differs only in that fewer of the unanswered operations had happened, there is none from this one.
     */
    private boolean isNew(BitSet done, int index, Long value) {
        var operation = operations.get(index);
        if (operation.isAnswered() && !operation.action().fits(value)) {
            return false;
        }
        if (++states > STATES_MAX) {
            throw new IllegalStateException("no order found in " + STATES_MAX + " states, and none ruled out; none got"
                    + " past " + operations.get(Math.min(furthest, operations.size() - 1)));
        }
        var then = (BitSet) done.clone();
        then.set(index);
        int open = Math.min(then.nextClearBit(0), answered);
        furthest = Math.max(furthest, open);
        var state = new State(
                open, then.get(open, answered), seen(operation.action().after(value)));
        var happened = then.get(answered, operations.size());
        var before = tried.computeIfAbsent(state, any -> new ArrayList<>(1));
        if (before.stream().anyMatch(fewer -> contains(happened, fewer))) {
            return false;
        }
        before.add(happened);
        return true;
    }

    private static boolean contains(BitSet more, BitSet fewer) {
        var missing = (BitSet) fewer.clone();
        missing.andNot(more);
        return missing.isEmpty();
    }

    /** All values that no answer speaks of are alike: present, and never to be met again. */
    private Long seen(Long value) {
        return value == null || !knowsAllValues || spoken.contains(value) ? value : UNSEEN;
    }

    private static Stream<Long> values(Action action) {
        if (action instanceof Get get) {
            return Stream.ofNullable(get.found());
        }
        if (action instanceof Delete delete) {
            return Stream.ofNullable(delete.removed());
        }
        if (action instanceof CompareAndSet set) {
            return Stream.concat(Stream.ofNullable(set.expected()), Stream.ofNullable(set.found()));
        }
        if (action instanceof Increment increment) {
            return Stream.of(increment.sum() - increment.by());
        }
        return Stream.empty();
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

    /**
     * Where the search stands, apart from what is unanswered.
     *
     * @param open the first answered operation that is not done
     * @param done which of those from there on are done
     * @param value as far as any answer speaks of it
     */
    private record State(int open, BitSet done, Long value) {}
}
