// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static io.drey.model.RulesFixture.apply;
import static io.drey.model.RulesFixture.assertFound;
import static io.drey.model.RulesFixture.assertRefused;
import static io.drey.model.RulesFixture.assertWritten;
import static io.drey.model.RulesFixture.json;
import static io.drey.model.RulesFixture.pop;
import static io.drey.model.RulesFixture.push;
import static io.drey.model.RulesFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.model.Operation.End;
import io.drey.model.Operation.Push;
import io.drey.model.Outcome.Detail;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on a JSON array. */
class ArrayRulesTest {
    @Nested
    class Pushes {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "[1.50];TAIL;2;[1.50,2]",
                    "[1.50];HEAD;2;[2,1.50]",
                    "[];HEAD;null;[null]",
                    "[[]];TAIL;[];[[],[]]"
                })
        void elementIsAddedAtTheEndThatIsAsked(String present, End end, String value, String result) {
            var current = record(present);
            assertWritten(apply(current, push(value, end)), current, "push", result);
        }

        @ParameterizedTest
        @CsvSource({"HEAD", "TAIL"})
        void absentKeyCountsAsAnEmptyArray(End end) {
            assertWritten(apply(null, push("1", end)), null, "push", "[1]");
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "[1,2];TAIL;3;[1,2,9]",
                    "[1,2,3];TAIL;3;[2,3,9]",
                    "[1,2,3,4,5];TAIL;3;[4,5,9]",
                    "[1,2];HEAD;3;[9,1,2]",
                    "[1,2,3];HEAD;3;[9,1,2]",
                    "[1,2,3,4,5];HEAD;3;[9,1,2]",
                    "[1,2];TAIL;1;[9]",
                    "[1,2];HEAD;1;[9]"
                })
        void overMaxTheOtherEndIsDropped(String present, End end, int max, String result) {
            var current = record(present);
            var transition = apply(current, new Push(json("9"), end, false, max, Conditions.NONE));
            assertWritten(transition, current, "push", result);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"[1];1.0", "[2,{'a':1,'b':[2]}];{'b':[2.0],'a':1e0}", "[null];null", "['a'];'\\u0061'"})
        void uniqueElementThatIsThereAlreadyChangesNothing(String present, String value) {
            var current = record(present);
            assertFound(apply(current, new Push(json(value), End.TAIL, true, 1, Conditions.NONE)), current);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"[1];'1';[1,'1']", "[0];false;[0,false]", "[];null;[null]", "[[1,2]];[2,1];[[1,2],[2,1]]"})
        void uniqueElementThatIsNewIsAdded(String present, String value, String result) {
            var current = record(present);
            var operation = new Push(json(value), End.TAIL, true, Integer.MAX_VALUE, Conditions.NONE);
            assertWritten(apply(current, operation), current, "push", result);
        }

        @Test
        void uniqueElementThatIsThereLeavesAnArrayOverMaxAlone() {
            var current = record("[1,2,3]");
            assertFound(apply(current, new Push(json("3"), End.TAIL, true, 2, Conditions.NONE)), current);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"null;null", "0;number", "true;boolean", "'[]';string", "{};object"})
        void anotherTypeIsRefused(String present, String found) {
            var current = record(present);
            assertRefused(apply(current, push("1", End.TAIL)), current, new Outcome.WrongType(found, "array"));
        }

        @Test
        void recordThatIsNotJsonIsRefused() {
            var current = record("[]", "text/plain");
            assertRefused(apply(current, push("1", End.TAIL)), current, new Outcome.WrongType("bytes", "array"));
        }
    }

    @Nested
    class Pops {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"[1.50,2];TAIL;2;[1.50]", "[1.50,2];HEAD;1.50;[2]", "[null];HEAD;null;[]", "[1];TAIL;1;[]"})
        void elementIsTakenFromTheEndThatIsAsked(String present, End end, String popped, String result) {
            var current = record(present);
            var done = assertWritten(apply(current, pop(end, "7")), current, "pop", result);
            assertPopped(done, popped);
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "{'a':1.0}"})
        void nothingToPopAnswersTheDefaultAndChangesNothing(String fallback) {
            var empty = record(" [ ] ");
            assertPopped(assertFound(apply(empty, pop(End.TAIL, fallback)), empty), fallback);
            assertPopped(assertFound(apply(null, pop(End.HEAD, fallback)), null), fallback);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"null;null", "0;number", "true;boolean", "'[]';string", "{};object"})
        void anotherTypeIsRefusedInSpiteOfADefault(String present, String found) {
            var current = record(present);
            assertRefused(apply(current, pop(End.TAIL, "7")), current, new Outcome.WrongType(found, "array"));
        }

        @Test
        void recordThatIsNotJsonIsRefused() {
            var current = record("[1]", "text/plain");
            assertRefused(apply(current, pop(End.TAIL, "7")), current, new Outcome.WrongType("bytes", "array"));
        }

        private void assertPopped(Outcome.Done done, String popped) {
            assertThat(done.detail()).isInstanceOfSatisfying(Detail.Popped.class, detail -> assertThat(
                            JsonTest.written(detail.element()))
                    .isEqualTo(JsonTest.written(json(popped))));
        }
    }
}
