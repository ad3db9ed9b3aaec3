// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static io.drey.model.RulesFixture.MODIFIED;
import static io.drey.model.RulesFixture.VERSION;
import static io.drey.model.RulesFixture.apply;
import static io.drey.model.RulesFixture.assertRefused;
import static io.drey.model.RulesFixture.bytes;
import static io.drey.model.RulesFixture.operations;
import static io.drey.model.RulesFixture.patch;
import static io.drey.model.RulesFixture.record;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.model.Conditions.Versions;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What comes first when several things are wrong at once, and when conditions hold. */
class RulesConditionsTest {
    private static final Conditions STALE = Conditions.matching(VERSION - 1);
    /** Those that have nothing to say about a key that is absent. */
    private static final Set<Operation.Kind> NEED_RECORD =
            Set.of(Operation.Kind.GET, Operation.Kind.PATCH, Operation.Kind.TOUCH);

    @Test
    void everyKindThatCanBeAskedForIsAmongTheOperations() {
        assertThat(operations(Conditions.NONE))
                .extracting(Operation::kind)
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(Operation.Kind.values())
                        .filter(kind -> kind != Operation.Kind.EXPIRE)
                        .toList());
    }

    @Test
    void staleVersionIsRefusedByEveryOperationWithThePresentOne() {
        var current = record("1");
        for (var operation : operations(STALE)) {
            assertRefused(apply(current, operation), current, new Outcome.PreconditionFailed(VERSION));
        }
    }

    @Test
    void presentVersionLetsEveryOperationThrough() {
        for (var operation : operations(Conditions.matching(VERSION))) {
            assertThat(apply(record("1"), operation).outcome())
                    .as(operation.kind().text())
                    .isNotInstanceOf(Outcome.PreconditionFailed.class);
        }
    }

    @Test
    void absentKeyIsNotFoundBeforeItFailsACondition() {
        for (var operation : operations(STALE)) {
            boolean needsRecord = NEED_RECORD.contains(operation.kind());
            var expected = needsRecord ? new Outcome.NotFound() : new Outcome.PreconditionFailed(null);
            assertRefused(apply(null, operation), null, expected);
        }
    }

    @Test
    void absentIsDemandedOfEveryOperationAlike() {
        var current = record("1");
        for (var operation : operations(Conditions.ABSENT)) {
            assertRefused(apply(current, operation), current, new Outcome.PreconditionFailed(VERSION));
            assertThat(apply(null, operation).outcome())
                    .as(operation.kind().text())
                    .isNotInstanceOf(Outcome.PreconditionFailed.class);
        }
    }

    @Test
    void conditionIsJudgedBeforeTheTypeOfTheRecord() {
        var current = record("text", "text/plain");
        var stale = new Operation.Increment(BigDecimal.ONE, STALE);
        assertRefused(apply(current, stale), current, new Outcome.PreconditionFailed(VERSION));
        var fresh = new Operation.Increment(BigDecimal.ONE, Conditions.matching(VERSION));
        assertRefused(apply(current, fresh), current, new Outcome.WrongType("bytes", "number"));
    }

    @Test
    void typeOfTheRecordIsJudgedBeforeAPatchIsTried() {
        var unfit = patch("[{'op':'test','path':'','value':2}]");
        var bytes = record("1", "text/plain");
        var operation = new Operation.Patch(unfit, Conditions.matching(VERSION));
        assertRefused(apply(bytes, operation), bytes, new Outcome.WrongType("bytes", null));
        var json = record("1");
        assertRefused(apply(json, new Operation.Patch(unfit, STALE)), json, new Outcome.PreconditionFailed(VERSION));
    }

    @Test
    void refusedConditionDoesNotReadTheValue() {
        var current = record("no JSON at all");
        var operation = new Operation.CompareAndSet(null, bytes("1"), STALE);
        assertRefused(apply(current, operation), current, new Outcome.PreconditionFailed(VERSION));
    }

    @Test
    void ifMatchHoldsForAnyOfItsVersionsAndForAnyRecordWithAStar() {
        assertThat(ifMatch(Versions.of(1, VERSION)).hold(record("1"))).isTrue();
        assertThat(ifMatch(Versions.of(1, 2)).hold(record("1"))).isFalse();
        assertThat(ifMatch(Versions.of()).hold(record("1"))).isFalse();
        assertThat(ifMatch(Versions.ANY).hold(record("1"))).isTrue();
        assertThat(ifMatch(Versions.ANY).hold(null)).isFalse();
    }

    @Test
    void ifNoneMatchHoldsUnlessOneOfItsVersionsIsThere() {
        assertThat(ifNoneMatch(Versions.of(1, VERSION)).hold(record("1"))).isFalse();
        assertThat(ifNoneMatch(Versions.of(1, 2)).hold(record("1"))).isTrue();
        assertThat(ifNoneMatch(Versions.of(VERSION)).hold(null)).isTrue();
        assertThat(ifNoneMatch(Versions.ANY).hold(null)).isTrue();
        assertThat(ifNoneMatch(Versions.ANY).hold(record("1"))).isFalse();
    }

    @Test
    void bothConditionsMustHold() {
        assertThat(new Conditions(Versions.of(VERSION), Versions.of(VERSION), -1).hold(record("1")))
                .isFalse();
        assertThat(new Conditions(Versions.of(VERSION), Versions.of(1), -1).hold(record("1")))
                .isTrue();
    }

    @Test
    void unmodifiedSinceCountsWholeSecondsAndYieldsToIfMatch() {
        long seconds = MODIFIED / 1000;
        var late = record("1");
        var withinTheSecond = new Entry(late.value(), MediaType.JSON, VERSION, 0, MODIFIED + 999, Entry.NEVER);
        assertThat(unmodifiedSince(seconds).hold(late)).isTrue();
        assertThat(unmodifiedSince(seconds).hold(withinTheSecond)).isTrue();
        assertThat(unmodifiedSince(seconds - 1).hold(late)).isFalse();
        assertThat(unmodifiedSince(0).hold(null)).isTrue();
        assertThat(new Conditions(Versions.of(VERSION), null, seconds - 1).hold(late))
                .isTrue();
    }

    private static Conditions ifMatch(Versions versions) {
        return new Conditions(versions, null, -1);
    }

    private static Conditions ifNoneMatch(Versions versions) {
        return new Conditions(null, versions, -1);
    }

    private static Conditions unmodifiedSince(long seconds) {
        return new Conditions(null, null, seconds);
    }
}
