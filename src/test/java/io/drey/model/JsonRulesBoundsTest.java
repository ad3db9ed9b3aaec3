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
import static io.drey.model.RulesFixture.assertUntouched;
import static io.drey.model.RulesFixture.assertWritten;
import static io.drey.model.RulesFixture.bytes;
import static io.drey.model.RulesFixture.expiring;
import static io.drey.model.RulesFixture.increment;
import static io.drey.model.RulesFixture.jsonPatch;
import static io.drey.model.RulesFixture.merge;
import static io.drey.model.RulesFixture.pop;
import static io.drey.model.RulesFixture.push;
import static io.drey.model.RulesFixture.record;
import static io.drey.model.RulesFixture.removeChildren;
import static io.drey.model.RulesFixture.setChildren;
import static io.drey.model.RulesFixture.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.model.Operation.End;
import io.drey.model.Operation.Increment;
import io.drey.model.Operation.Pop;
import io.drey.model.Operation.Push;
import io.drey.model.Operation.RemoveChildren;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What all operations on JSON values share: the rest of the record is kept, and bounds hold. */
class JsonRulesBoundsTest {
    /** Each of these changes the array, or the object, that {@link #presentFor} gives it. */
    private final List<Operation> changes = List.of(
            merge("{'b':1}"),
            jsonPatch("[{'op':'add','path':'/b','value':1}]"),
            setChildren("{'b':1}"),
            removeChildren("a"),
            push("1", End.TAIL),
            pop(End.TAIL, "null"),
            increment("1"));

    private String presentFor(Operation operation) {
        if (operation instanceof Increment) {
            return "0";
        }
        return operation instanceof Push || operation instanceof Pop ? "[0]" : "{'a':0}";
    }

    @Test
    void expiryAndAnotherJsonTypeOfThePresentRecordAreKept() {
        for (var operation : changes) {
            var value = new Value.Inline(bytes(presentFor(operation)));
            var current = new Entry(value, "application/vnd.x+json", VERSION, CREATED, MODIFIED, EXPIRY);
            var next = Rules.apply(current, null, operation, WITH_DEFAULT_TTL).next();
            assertThat(next).as(operation.kind().text()).isNotSameAs(current);
            assertThat(next.contentType()).isEqualTo("application/vnd.x+json");
            assertThat(next.expiresAt()).isEqualTo(EXPIRY);
            assertThat(next.createdAt()).isEqualTo(CREATED);
        }
    }

    @Test
    void presentRecordWithoutExpiryStaysWithoutOne() {
        for (var operation : changes) {
            var next = Rules.apply(record(presentFor(operation)), null, operation, WITH_DEFAULT_TTL)
                    .next();
            assertThat(next.expiresAt()).as(operation.kind().text()).isEqualTo(Entry.NEVER);
        }
    }

    @Test
    void createdRecordIsJsonWithTheStoresDefaultExpiry() {
        for (var operation : List.of(merge("1"), setChildren("{}"), push("1", End.HEAD), increment("1"))) {
            var next = Rules.apply(null, null, operation, WITH_DEFAULT_TTL).next();
            assertThat(next.contentType()).as(operation.kind().text()).isEqualTo("application/json");
            assertThat(next.expiresAt()).isEqualTo(NOW + DEFAULT_TTL);
        }
    }

    @Test
    void presentValueIsNeverChangedInPlace() {
        for (var operation : changes) {
            var current = expiring(presentFor(operation));
            apply(current, operation);
            assertThat(text(current)).as(operation.kind().text()).isEqualTo(presentFor(operation));
        }
    }

    @Test
    void bytesAtHandStandForAValueThatTheLedgerKeeps() {
        for (var operation : changes) {
            byte[] atHand = bytes(presentFor(operation));
            var inline = record(presentFor(operation));
            var stored = inline.withValue(new Value.Stored(5, atHand.length));
            var next = Rules.apply(stored, atHand, operation, CONTEXT).next();
            assertThat(text(next))
                    .as(operation.kind().text())
                    .isEqualTo(text(apply(inline, operation).next()));
        }
    }

    @Test
    void valueThatIsTooLargeToWorkOnIsRefusedBeforeItIsRead() {
        var current = record("{}").withValue(new Value.Stored(5, Limits.DEFAULT.jsonBytesMax() + 1L));
        for (var operation : changes) {
            var transition = apply(current, operation);
            assertUntouched(transition, current);
            assertThat(transition.outcome())
                    .as(operation.kind().text())
                    .isInstanceOfSatisfying(Outcome.TooLarge.class, refusal -> {
                        assertThat(refusal.limit()).isEqualTo(16 << 20);
                        assertThat(refusal.actual()).isEqualTo((16 << 20) + 1L);
                    });
        }
    }

    @Test
    void resultThatIsTooLargeIsRefused() {
        var small = new Context(NOW, Ttl.NONE, new Limits(7, 500, 1_000, 10_000));
        for (var operation : changes) {
            var current = record(operation instanceof Increment ? "9999999" : presentFor(operation));
            if (operation instanceof RemoveChildren || operation instanceof Pop || operation instanceof Push) {
                continue;
            }
            var transition = Rules.apply(current, null, operation, small);
            assertUntouched(transition, current);
            assertThat(transition.outcome())
                    .as(operation.kind().text())
                    .isInstanceOfSatisfying(Outcome.TooLarge.class, refusal -> {
                        assertThat(refusal.limit()).isEqualTo(7);
                        assertThat(refusal.actual()).isGreaterThan(7);
                    });
        }
    }

    @Test
    void resultAtTheBoundIsWritten() {
        var small = new Context(NOW, Ttl.NONE, new Limits(7, 500, 1_000, 10_000));
        var current = record("[1,2]");
        assertWritten(Rules.apply(current, null, push("3", End.TAIL), small), current, "push", "[1,2,3]");
    }

    @Test
    void resultMayBeNestedAsDeepAsTheBoundAndNoDeeper() {
        var shallow = new Context(NOW, Ttl.NONE, new Limits(1_000, 3, 1_000, 10_000));
        for (var add : List.<Operation>of(
                merge("{'b':[[]]}"), setChildren("{'b':[[]]}"), jsonPatch("[{'op':'add','path':'/b','value':[[]]}]"))) {
            var current = record("{}");
            assertWritten(
                    Rules.apply(current, null, add, shallow),
                    current,
                    add.kind().text(),
                    "{'b':[[]]}");
        }
        for (var add : List.<Operation>of(
                merge("{'b':[[[]]]}"),
                setChildren("{'b':[[[]]]}"),
                jsonPatch("[{'op':'add','path':'/b','value':[[[]]]}]"))) {
            assertTooDeep(add, record("{}"), shallow);
        }
        assertTooDeep(push("[[[]]]", End.TAIL), record("[]"), shallow);
    }

    /** The bound may be set above its default, and a patch must not keep one of its own. */
    @Test
    void boundOnDepthIsTheOneOfTheContextForPatchesToo() {
        var deep = new Context(NOW, Ttl.NONE, new Limits(16 << 20, 600, 1_000, 10_000));
        var inner = "[".repeat(498) + "]".repeat(498);
        var current = record("{'a':{'a':{}}}");
        var steps = "[{'op':'add','path':'/a/a/a','value':" + inner + "}]";
        var transition = Rules.apply(current, null, jsonPatch(steps), deep);
        assertWritten(transition, current, "patch", "{'a':{'a':{'a':" + inner + "}}}");
        assertTooDeep(jsonPatch(steps), current, CONTEXT);
    }

    @Test
    void storedValueDeeperThanTheBoundIsRefusedAndNotRead() {
        var shallow = new Context(NOW, Ttl.NONE, new Limits(1_000, 2, 1_000, 10_000));
        assertTooDeep(push("1", End.TAIL), record("[[[]]]"), shallow);
    }

    private void assertTooDeep(Operation operation, Entry current, Context context) {
        var transition = Rules.apply(current, null, operation, context);
        assertUntouched(transition, current);
        assertThat(transition.outcome()).as(operation.kind().text()).isInstanceOf(Outcome.OutOfBounds.class);
    }
}
