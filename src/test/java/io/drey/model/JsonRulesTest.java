// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static io.drey.model.RulesFixture.apply;
import static io.drey.model.RulesFixture.assertFound;
import static io.drey.model.RulesFixture.assertRefused;
import static io.drey.model.RulesFixture.assertUntouched;
import static io.drey.model.RulesFixture.assertWritten;
import static io.drey.model.RulesFixture.jsonPatch;
import static io.drey.model.RulesFixture.merge;
import static io.drey.model.RulesFixture.record;
import static io.drey.model.RulesFixture.removeChildren;
import static io.drey.model.RulesFixture.setChildren;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Patches of a JSON value and operations on the children of an object. */
class JsonRulesTest {
    @Nested
    class Merges {
        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "{'a':1};{'b':2};{'a':1,'b':2}",
                    "{'a':1,'b':2};{'a':null};{'b':2}",
                    "{'a':{'b':1,'c':2}};{'a':{'b':null,'d':3}};{'a':{'c':2,'d':3}}",
                    "[1];{'a':1};{'a':1}",
                    "null;{'a':1};{'a':1}",
                    "{'a':1};[1];[1]",
                    "{'a':1};null;null",
                    "{'a':1.50,'b':1e2};{'c':0.10};{'a':1.50,'b':1e2,'c':0.10}",
                    "{'a':1};{'a':1.0};{'a':1.0}"
                })
        void mergePatchChangesAPresentValue(String present, String patch, String result) {
            var current = record(present);
            assertWritten(apply(current, merge(patch)), current, "patch", result);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"{'a':1};{'a':1}", "{};{}", "{'a':null};{}", "null;null", "[null];[null]"})
        void mergePatchOfAnAbsentKeyCreatesAsOnAnEmptyObject(String patch, String result) {
            assertWritten(apply(null, merge(patch)), null, "patch", result);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"{ 'a' : 1.0 };{}", "{'a':1};{'a':1}", "{'a':1};{'b':null}", "[ 1 ];[1]", " null;null"})
        void mergePatchThatChangesNothingKeepsTheBytes(String present, String patch) {
            var current = record(present);
            assertFound(apply(current, merge(patch)), current);
        }

        @Test
        void recordThatIsNotJsonIsTheWrongType() {
            var current = record("{}", "text/plain");
            assertRefused(apply(current, merge("{}")), current, new Outcome.WrongType("bytes", null));
        }
    }

    @Nested
    class Patches {
        @Test
        void stepsAreAppliedAsOne() {
            var current = record("{'a':[1,2],'b':1.50}");
            var steps = "[{'op':'remove','path':'/a/0'},{'op':'add','path':'/c','value':1e2}]";
            assertWritten(apply(current, jsonPatch(steps)), current, "patch", "{'a':[2],'b':1.50,'c':1e2}");
        }

        @Test
        void resultMayBeNull() {
            var current = record("{}");
            var steps = "[{'op':'replace','path':'','value':null}]";
            assertWritten(apply(current, jsonPatch(steps)), current, "patch", "null");
        }

        @Test
        void stepThatDoesNotFitLeavesEverythingAsItWas() {
            var current = record("{'a':1}");
            var steps = "[{'op':'add','path':'/b','value':2},{'op':'test','path':'/a','value':2}]";
            var transition = apply(current, jsonPatch(steps));
            assertUntouched(transition, current);
            assertThat(transition.outcome())
                    .isInstanceOfSatisfying(Outcome.PatchFailed.class, refusal -> assertThat(refusal.detail())
                            .isNotBlank());
        }

        @ParameterizedTest
        @ValueSource(
                strings = {"[]", "[{'op':'test','path':'/a','value':1}]", "[{'op':'add','path':'/a','value':1.0}]"})
        void patchThatChangesNothingKeepsTheBytes(String steps) {
            var current = record("{ 'a' : 1.0 }");
            assertFound(apply(current, jsonPatch(steps)), current);
        }

        @Test
        void patchOfAStoredNullIsAPatchOfAValue() {
            var current = record("null");
            assertWritten(apply(current, jsonPatch("[{'op':'add','path':'','value':[1]}]")), current, "patch", "[1]");
        }

        @Test
        void absentKeyIsNotFound() {
            assertRefused(apply(null, jsonPatch("[]")), null, new Outcome.NotFound());
        }

        @Test
        void recordThatIsNotJsonIsTheWrongType() {
            var current = record("{}", "text/plain");
            assertRefused(apply(current, jsonPatch("[]")), current, new Outcome.WrongType("bytes", null));
        }
    }

    @Nested
    class SetsChildren {
        @Test
        void childrenAreReplacedInTheirPlaceAndAddedAtTheEnd() {
            var current = record("{'a':1.50,'b':{'x':1},'c':3}");
            var transition = apply(current, setChildren("{'d':null,'b':{'y':2.0}}"));
            assertWritten(transition, current, "set-children", "{'a':1.50,'b':{'y':2.0},'c':3,'d':null}");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{'a':1}", "{}"})
        void absentKeyIsCreated(String values) {
            assertWritten(apply(null, setChildren(values)), null, "set-children", values);
        }

        @ParameterizedTest
        @ValueSource(strings = {"{}", "{'b':2}", "{'b':2,'a':1.0}"})
        void valuesThatAreThereAlreadyChangeNothing(String values) {
            var current = record("{ 'a':1.0, 'b':2 }");
            assertFound(apply(current, setChildren(values)), current);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"null;null", "0;number", "true;boolean", "'{}';string", "[];array"})
        void anotherTypeIsRefused(String present, String found) {
            var current = record(present);
            assertRefused(apply(current, setChildren("{}")), current, new Outcome.WrongType(found, "object"));
        }

        @Test
        void recordThatIsNotJsonIsRefused() {
            var current = record("{}", "text/plain");
            assertRefused(apply(current, setChildren("{}")), current, new Outcome.WrongType("bytes", "object"));
        }
    }

    @Nested
    class RemovesChildren {
        @Test
        void childrenAreRemovedAndTheRestKeepsItsOrderAndDigits() {
            var current = record("{'a':1.50,'b':2,'c':3}");
            assertWritten(
                    apply(current, removeChildren("b", "z", "b")), current, "remove-children", "{'a':1.50,'c':3}");
        }

        @Test
        void emptiedObjectStays() {
            var current = record("{'a':null}");
            assertWritten(apply(current, removeChildren("a")), current, "remove-children", "{}");
        }

        @Test
        void keysThatAreNotThereChangeNothing() {
            var current = record("{ 'a': 1.0 }");
            assertFound(apply(current, removeChildren("b", "A")), current);
            assertFound(apply(current, removeChildren()), current);
        }

        @Test
        void absentKeyStaysAbsent() {
            assertFound(apply(null, removeChildren("a")), null);
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {"null;null", "0;number", "true;boolean", "'{}';string", "[];array"})
        void anotherTypeIsRefused(String present, String found) {
            var current = record(present);
            assertRefused(apply(current, removeChildren("a")), current, new Outcome.WrongType(found, "object"));
        }

        @Test
        void recordThatIsNotJsonIsRefused() {
            var current = record("{}", "text/plain");
            assertRefused(apply(current, removeChildren("a")), current, new Outcome.WrongType("bytes", "object"));
        }
    }
}
