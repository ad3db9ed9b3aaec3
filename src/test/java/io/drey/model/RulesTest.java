// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static io.drey.model.RulesFixture.CONTEXT;
import static io.drey.model.RulesFixture.CREATED;
import static io.drey.model.RulesFixture.DEFAULT_TTL;
import static io.drey.model.RulesFixture.EXPIRY;
import static io.drey.model.RulesFixture.MODIFIED;
import static io.drey.model.RulesFixture.NOW;
import static io.drey.model.RulesFixture.VERSION;
import static io.drey.model.RulesFixture.WITH_DEFAULT_TTL;
import static io.drey.model.RulesFixture.apply;
import static io.drey.model.RulesFixture.assertFound;
import static io.drey.model.RulesFixture.assertRefused;
import static io.drey.model.RulesFixture.assertWritten;
import static io.drey.model.RulesFixture.bytes;
import static io.drey.model.RulesFixture.done;
import static io.drey.model.RulesFixture.expiring;
import static io.drey.model.RulesFixture.record;
import static io.drey.model.RulesFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.model.Operation.CompareAndSet;
import io.drey.model.Operation.Delete;
import io.drey.model.Operation.Expire;
import io.drey.model.Operation.Get;
import io.drey.model.Operation.GetOrCreate;
import io.drey.model.Operation.Put;
import io.drey.model.Operation.Touch;
import io.drey.model.Outcome.Detail;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Operations on a record as a whole; those that look into its value have tests of their own. */
class RulesTest {
    private static Put put(String text, String contentType, long ttl) {
        return new Put(new Value.Inline(bytes(text)), contentType, ttl, Conditions.NONE);
    }

    @Nested
    class Gets {
        @Test
        void getAnswersTheRecordAndChangesNothing() {
            var current = expiring("{'a': 1}");
            assertThat(assertFound(apply(current, new Get(Conditions.NONE)), current)
                            .detail())
                    .isEqualTo(Detail.NONE);
        }

        @Test
        void getOfAnAbsentKeyIsNotFound() {
            assertRefused(apply(null, new Get(Conditions.NONE)), null, new Outcome.NotFound());
        }
    }

    @Nested
    class Puts {
        @Test
        void putCreatesWithTheBytesAsTheyCame() {
            var transition = apply(null, put("{ 'b':1.0, 'a' : 1e2 }", "text/x", Ttl.KEEP));
            assertWritten(transition, null, "put", "{ 'b':1.0, 'a' : 1e2 }");
            assertThat(transition.next().contentType()).isEqualTo("text/x");
            assertThat(transition.next().expiresAt()).isEqualTo(Entry.NEVER);
        }

        @Test
        void putReplacesValueAndContentType() {
            var current = record("[1]");
            var transition = apply(current, put("hello", "text/plain", Ttl.KEEP));
            assertWritten(transition, current, "put", "hello");
            assertThat(transition.next().contentType()).isEqualTo("text/plain");
        }

        @Test
        void putOfWhatIsThereAlreadyCountsAsAChange() {
            var current = record("1");
            assertWritten(apply(current, put("1", MediaType.JSON, Ttl.KEEP)), current, "put", "1");
        }

        @Test
        void putDoesNotLookAtTheValueItReplaces() {
            var current = record("not JSON", MediaType.JSON);
            assertWritten(apply(current, put("2", MediaType.JSON, Ttl.KEEP)), current, "put", "2");
        }

        @Test
        void putIsNotBoundByTheLimitsOfJson() {
            var limits = new Context(NOW, Ttl.NONE, new Limits(2, 1, 1, 1));
            var transition = Rules.apply(null, null, put("[[[1234]]]", MediaType.JSON, Ttl.KEEP), limits);
            assertWritten(transition, null, "put", "[[[1234]]]");
        }

        @Test
        void emptyValueIsLegal() {
            assertWritten(apply(null, put("", MediaType.OCTET_STREAM, Ttl.KEEP)), null, "put", "");
        }

        @Test
        void valueThatTheLedgerKeepsIsPassedOn() {
            var stored = new Value.Stored(11, 1L << 40);
            var transition = apply(null, new Put(stored, MediaType.OCTET_STREAM, Ttl.KEEP, Conditions.NONE));
            assertThat(transition.next().value()).isEqualTo(stored);
        }

        @ParameterizedTest
        @CsvSource({
            Ttl.KEEP + "," + EXPIRY,
            Ttl.NONE + "," + Entry.NEVER,
            "1," + (NOW + 1),
            "7000000," + (NOW + 7_000_000)
        })
        void expiryOfAReplacedRecordIsKeptRemovedOrSet(long ttl, long expiresAt) {
            var transition = Rules.apply(expiring("1"), null, put("2", MediaType.JSON, ttl), WITH_DEFAULT_TTL);
            assertThat(transition.next().expiresAt()).isEqualTo(expiresAt);
        }

        @ParameterizedTest
        @CsvSource({Ttl.KEEP + "," + (NOW + DEFAULT_TTL), Ttl.NONE + "," + Entry.NEVER, "1," + (NOW + 1)})
        void expiryOfACreatedRecordIsTheStoresDefaultUnlessAsked(long ttl, long expiresAt) {
            var transition = Rules.apply(null, null, put("2", MediaType.JSON, ttl), WITH_DEFAULT_TTL);
            assertThat(transition.next().expiresAt()).isEqualTo(expiresAt);
        }

        @Test
        void recordWithoutExpiryDoesNotGetTheDefaultWhenReplaced() {
            var transition = Rules.apply(record("1"), null, put("2", MediaType.JSON, Ttl.KEEP), WITH_DEFAULT_TTL);
            assertThat(transition.next().expiresAt()).isEqualTo(Entry.NEVER);
        }
    }

    @Nested
    class Times {
        @Test
        void creationStampsBothTimes() {
            var next = apply(null, put("1", MediaType.JSON, Ttl.KEEP)).next();
            assertThat(next.createdAt()).isEqualTo(NOW);
            assertThat(next.modifiedAt()).isEqualTo(NOW);
        }

        @Test
        void overwriteKeepsTheTimeOfCreation() {
            assertThat(apply(record("1"), put("2", MediaType.JSON, Ttl.KEEP))
                            .next()
                            .createdAt())
                    .isEqualTo(CREATED);
        }

        @Test
        void modificationNeverMovesBackwardsWhenTheClockDoes() {
            var past = new Context(MODIFIED - 500, Ttl.NONE, Limits.DEFAULT);
            for (var operation : new Operation[] {
                put("2", MediaType.JSON, Ttl.KEEP),
                new Touch(5_000, Conditions.NONE),
                new CompareAndSet(JsonTest.json("1"), bytes("2"), Conditions.NONE)
            }) {
                assertThat(Rules.apply(record("1"), null, operation, past)
                                .next()
                                .modifiedAt())
                        .as(operation.kind().text())
                        .isEqualTo(MODIFIED);
            }
        }
    }

    @Nested
    class Deletes {
        @Test
        void deleteTakesTheRecordAwayAndTellsWhatItWas() {
            var current = expiring("[1]");
            var transition = apply(current, new Delete(Conditions.NONE));
            assertThat(transition.next()).isNull();
            assertThat(transition.outcome())
                    .isEqualTo(new Outcome.Done(null, false, true, new Detail.Removed(current)));
            assertThat(transition.change()).isEqualTo(new Change.Deleted("delete", NOW));
        }

        @Test
        void deleteWorksOnAnyContentType() {
            assertThat(apply(record("\u0000", MediaType.OCTET_STREAM), new Delete(Conditions.NONE))
                            .next())
                    .isNull();
        }

        @Test
        void deleteOfNothingChangesNothing() {
            var done = assertFound(apply(null, new Delete(Conditions.NONE)), null);
            assertThat(done.detail()).isEqualTo(new Detail.Removed(null));
        }
    }

    @Nested
    class Expires {
        @Test
        void expiryTakesTheRecordAwayUnderItsOwnName() {
            var current = expiring("1");
            var transition = Rules.expire(current, CONTEXT);
            assertThat(transition.next()).isNull();
            assertThat(transition.outcome())
                    .isEqualTo(new Outcome.Done(null, false, true, new Detail.Removed(current)));
            assertThat(transition.change()).isEqualTo(new Change.Expired(NOW));
            assertThat(transition.change().operation()).isEqualTo("expire");
        }

        @Test
        void expiryOfALiveOrAbsentRecordDoesNothing() {
            var current = expiring("1");
            assertFound(apply(current, new Expire()), current);
            assertFound(apply(null, new Expire()), null);
        }

        @Test
        void recordIsExpiredFromTheInstantOfItsExpiryOn() {
            assertThat(expiring("1").isExpired(EXPIRY - 1)).isFalse();
            assertThat(expiring("1").isExpired(EXPIRY)).isTrue();
            assertThat(record("1").isExpired(Long.MAX_VALUE)).isFalse();
        }
    }

    @Nested
    class Touches {
        @ParameterizedTest
        @ValueSource(strings = {MediaType.JSON, MediaType.OCTET_STREAM})
        void touchSetsTheExpiryOfAnyContentTypeAndNothingElse(String contentType) {
            var current = record("1", contentType);
            var transition = apply(current, new Touch(5_000, Conditions.NONE));
            assertWritten(transition, current, "touch", "1");
            assertThat(transition.next().value()).isSameAs(current.value());
            assertThat(transition.next().contentType()).isEqualTo(contentType);
            assertThat(transition.next().expiresAt()).isEqualTo(NOW + 5_000);
        }

        @Test
        void touchNeedsNoBytesOfALargeValue() {
            var current = record("1").withValue(new Value.Stored(4, 1L << 40));
            assertThat(apply(current, new Touch(5_000, Conditions.NONE)).next().value())
                    .isEqualTo(current.value());
        }

        @Test
        void touchWithNoneRemovesTheExpiry() {
            var transition = apply(expiring("1"), new Touch(Ttl.NONE, Conditions.NONE));
            assertWritten(transition, expiring("1"), "touch", "1");
            assertThat(transition.next().expiresAt()).isEqualTo(Entry.NEVER);
        }

        @Test
        void touchWithNoneChangesNothingWhereThereIsNoExpiry() {
            var current = record("1");
            assertFound(apply(current, new Touch(Ttl.NONE, Conditions.NONE)), current);
        }

        @ParameterizedTest
        @ValueSource(longs = {Ttl.NONE, 5_000})
        void touchNeverCreates(long ttl) {
            assertRefused(apply(null, new Touch(ttl, Conditions.NONE)), null, new Outcome.NotFound());
        }
    }

    @Nested
    class GetsOrCreates {
        private GetOrCreate getOrCreate(long ttl) {
            return new GetOrCreate(bytes("{ 'a': 1.0 }"), ttl, Conditions.NONE);
        }

        @Test
        void absentKeyIsCreatedWithTheBytesAsTheyCame() {
            var transition = apply(null, getOrCreate(Ttl.KEEP));
            assertWritten(transition, null, "get-or-create", "{ 'a': 1.0 }");
            assertThat(transition.next().contentType()).isEqualTo(MediaType.JSON);
        }

        @ParameterizedTest
        @CsvSource({Ttl.KEEP + "," + (NOW + DEFAULT_TTL), Ttl.NONE + "," + Entry.NEVER, "1," + (NOW + 1)})
        void expiryOfTheCreatedIsTheStoresDefaultUnlessAsked(long ttl, long expiresAt) {
            var transition = Rules.apply(null, null, getOrCreate(ttl), WITH_DEFAULT_TTL);
            assertThat(transition.next().expiresAt()).isEqualTo(expiresAt);
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "0", "[]"})
        void presentValueIsFoundEvenANull(String json) {
            var current = record(json);
            assertFound(apply(current, getOrCreate(5_000)), current);
        }

        @Test
        void presentExpiryStays() {
            var current = expiring("1");
            assertFound(apply(current, getOrCreate(5_000)), current);
        }

        @Test
        void recordThatIsNotJsonIsTheWrongType() {
            var current = record("1", "text/plain");
            assertRefused(apply(current, getOrCreate(Ttl.KEEP)), current, new Outcome.WrongType("bytes", null));
        }

        @Test
        void largeValueIsFoundWithoutItsBytes() {
            var current = record("1").withValue(new Value.Stored(4, 1L << 40));
            assertFound(apply(current, getOrCreate(Ttl.KEEP)), current);
        }

        @Test
        void valueOverTheBoundIsRefused() {
            var small = new Context(NOW, Ttl.NONE, new Limits(4, 500, 1_000, 10_000));
            assertRefused(
                    Rules.apply(null, null, getOrCreate(Ttl.KEEP), small),
                    null,
                    new Outcome.TooLarge("The JSON value that would result", 4, 12));
        }
    }

    @Nested
    class ComparesAndSets {
        private Transition compareAndSet(Entry current, String expected, String value) {
            var tree = expected == null ? null : JsonTest.json(expected.replace('\'', '"'));
            return apply(current, new CompareAndSet(tree, bytes(value), Conditions.NONE));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "1;1.00",
                    "100;1e2",
                    "0;-0.0",
                    "{'a':1,'b':[2]};{'b':[2.0],'a':1}",
                    "'a';'\\u0061'",
                    "true;true",
                    "123456789012345678901234567890;123456789012345678901234567890.0"
                })
        void deepEqualityIgnoresOrderOfMembersAndNotationOfNumbers(String present, String expected) {
            var current = record(present);
            var done = assertWritten(
                    compareAndSet(current, expected, "{ 'x':1.0 }"), current, "compare-and-set", "{ 'x':1.0 }");
            assertThat(done.detail()).isEqualTo(new Detail.Applied(true));
        }

        @ParameterizedTest
        @CsvSource(
                delimiter = ';',
                quoteCharacter = '`',
                value = {
                    "1;2",
                    "1;'1'",
                    "[1,2];[2,1]",
                    "{'a':1};{'a':1,'b':null}",
                    "0;false",
                    "0;null",
                    "'';null",
                    "[];null",
                    "0.1;0.10000000000000000000001",
                    "123456789012345678901234567890;123456789012345678901234567891"
                })
        void anotherValueIsRefusedAndAnswered(String present, String expected) {
            var current = record(present);
            var done = assertFound(compareAndSet(current, expected, "3"), current);
            assertThat(done.detail()).isEqualTo(new Detail.Applied(false));
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "left out"})
        void nullMatchesAnAbsentKey(String expected) {
            var transition = compareAndSet(null, expected.equals("null") ? "null" : null, "[ 1 ]");
            assertThat(assertWritten(transition, null, "compare-and-set", "[ 1 ]")
                            .detail())
                    .isEqualTo(new Detail.Applied(true));
        }

        @ParameterizedTest
        @ValueSource(strings = {"null", "left out"})
        void nullMatchesAStoredNull(String expected) {
            var current = record("null");
            var transition = compareAndSet(current, expected.equals("null") ? "null" : null, "[1]");
            assertThat(assertWritten(transition, current, "compare-and-set", "[1]")
                            .detail())
                    .isEqualTo(new Detail.Applied(true));
        }

        @Test
        void valueMayBeNullAndIsStored() {
            assertWritten(compareAndSet(record("1"), "1", "null"), record("1"), "compare-and-set", "null");
            assertWritten(compareAndSet(null, null, "null"), null, "compare-and-set", "null");
        }

        @Test
        void absentKeyMatchesNothingButNull() {
            assertThat(assertFound(compareAndSet(null, "0", "1"), null).detail())
                    .isEqualTo(new Detail.Applied(false));
        }

        @Test
        void recordThatIsNotJsonIsTheWrongTypeForAnyExpectation() {
            var current = record("1", "text/plain");
            assertRefused(compareAndSet(current, "1", "2"), current, new Outcome.WrongType("bytes", null));
            assertRefused(compareAndSet(current, null, "2"), current, new Outcome.WrongType("bytes", null));
        }

        @Test
        void expiryAndContentTypeStay() {
            var current = new Entry(
                    new Value.Inline(bytes("1")), "Application/Geo+JSON; x=y", VERSION, CREATED, MODIFIED, EXPIRY);
            var next = compareAndSet(current, "1", "2").next();
            assertThat(next.contentType()).isEqualTo("Application/Geo+JSON; x=y");
            assertThat(next.expiresAt()).isEqualTo(EXPIRY);
        }

        @Test
        void createdRecordGetsTheStoresDefaultExpiry() {
            var operation = new CompareAndSet(null, bytes("1"), Conditions.NONE);
            var next = Rules.apply(null, null, operation, WITH_DEFAULT_TTL).next();
            assertThat(next.expiresAt()).isEqualTo(NOW + DEFAULT_TTL);
        }
    }

    @Nested
    class Outcomes {
        @Test
        void doneNamesTheCommittedVersionInItsEntry() {
            var outcome = done(apply(record("1"), put("2", MediaType.JSON, Ttl.KEEP)));
            var committed = outcome.at(12);
            assertThat(committed.entry().version()).isEqualTo(12);
            assertThat(text(committed.entry())).isEqualTo("2");
            assertThat(committed.created()).isFalse();
            assertThat(committed.changed()).isTrue();
            assertThat(outcome.entry().version()).isEqualTo(Entry.PENDING);
        }

        @Test
        void doneKeepsTheVersionOfWhatItRemoved() {
            var current = record("1");
            var committed = done(apply(current, new Delete(Conditions.NONE))).at(12);
            assertThat(committed.entry()).isNull();
            assertThat(committed.detail()).isEqualTo(new Detail.Removed(current));
        }

        @Test
        void preconditionFailedNamesTheVersionOnlyOfARecordThatIsThere() {
            assertThat(new Outcome.PreconditionFailed(7L).at(12)).isEqualTo(new Outcome.PreconditionFailed(12L));
            assertThat(new Outcome.PreconditionFailed(null).at(12)).isEqualTo(new Outcome.PreconditionFailed(null));
        }

        @Test
        void otherRefusalsHaveNoVersion() {
            for (var refusal : new Outcome[] {
                new Outcome.NotFound(),
                new Outcome.WrongType("null", "array"),
                new Outcome.PatchFailed("why"),
                new Outcome.TooLarge("It", 1, 2),
                new Outcome.OutOfBounds("why")
            }) {
                assertThat(refusal.at(12)).isSameAs(refusal);
            }
        }
    }
}
