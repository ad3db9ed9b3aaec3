// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.model.Operation.End;
import io.drey.model.Operation.Increment;
import io.drey.model.Operation.Merge;
import io.drey.model.Operation.Patch;
import io.drey.model.Operation.Pop;
import io.drey.model.Operation.Push;
import io.drey.model.Operation.RemoveChildren;
import io.drey.model.Operation.SetChildren;
import java.math.BigDecimal;
import java.util.List;

/** Records and shorthands for the tests of the rules. Single quotes in JSON stand for double ones. */
final class RulesFixture {
    static final long CREATED = 1_000_000;
    static final long MODIFIED = 2_000_000;
    static final long NOW = 3_000_000;
    static final long EXPIRY = 9_000_000;
    static final long VERSION = 7;
    static final long DEFAULT_TTL = 60_000;

    static final Context CONTEXT = new Context(NOW, Ttl.NONE, Limits.DEFAULT);
    static final Context WITH_DEFAULT_TTL = new Context(NOW, DEFAULT_TTL, Limits.DEFAULT);

    private RulesFixture() {}

    static Entry record(String json) {
        return record(json, MediaType.JSON);
    }

    static Entry record(String text, String contentType) {
        return new Entry(new Value.Inline(bytes(text)), contentType, VERSION, CREATED, MODIFIED, Entry.NEVER);
    }

    static Entry expiring(String json) {
        return new Entry(new Value.Inline(bytes(json)), MediaType.JSON, VERSION, CREATED, MODIFIED, EXPIRY);
    }

    static Transition apply(Entry current, Operation operation) {
        return Rules.apply(current, null, operation, CONTEXT);
    }

    static Outcome.Done done(Transition transition) {
        assertThat(transition.outcome()).isInstanceOf(Outcome.Done.class);
        return (Outcome.Done) transition.outcome();
    }

    static String text(Entry entry) {
        return new String(((Value.Inline) entry.value()).bytes(), UTF_8).replace('"', '\'');
    }

    static byte[] bytes(String json) {
        return json.replace('\'', '"').getBytes(UTF_8);
    }

    static JsonNode json(String text) {
        return JsonTest.json(text.replace('\'', '"'));
    }

    static Merge merge(String patch) {
        return new Merge(json(patch), Conditions.NONE);
    }

    static Patch jsonPatch(String steps) {
        return new Patch(patch(steps), Conditions.NONE);
    }

    static Increment increment(String by) {
        return new Increment(new BigDecimal(by), Conditions.NONE);
    }

    static SetChildren setChildren(String values) {
        return new SetChildren((ObjectNode) json(values), Conditions.NONE);
    }

    static RemoveChildren removeChildren(String... keys) {
        return new RemoveChildren(List.of(keys), Conditions.NONE);
    }

    static Push push(String value, End end) {
        return new Push(json(value), end, false, Integer.MAX_VALUE, Conditions.NONE);
    }

    static Pop pop(End end, String fallback) {
        return new Pop(end, json(fallback), Conditions.NONE);
    }

    static JsonPatch patch(String steps) {
        try {
            return JsonPatch.parse(json(steps));
        } catch (MalformedJsonException e) {
            throw new AssertionError(e);
        }
    }

    /** The record afterwards is the one before, nothing is to be committed, and the answer is not a refusal. */
    static Outcome.Done assertFound(Transition transition, Entry current) {
        assertUntouched(transition, current);
        var done = done(transition);
        assertThat(done.entry()).isSameAs(current);
        assertThat(done.created()).isFalse();
        assertThat(done.changed()).isFalse();
        return done;
    }

    static void assertRefused(Transition transition, Entry current, Outcome refusal) {
        assertUntouched(transition, current);
        assertThat(transition.outcome()).isEqualTo(refusal);
    }

    static void assertUntouched(Transition transition, Entry current) {
        assertThat(transition.next()).isSameAs(current);
        assertThat(transition.change()).isNull();
    }

    /** A change of {@code current}, or a creation where that is null, to {@code json}, with all that follows from it. */
    static Outcome.Done assertWritten(Transition transition, Entry current, String operation, String json) {
        var next = transition.next();
        var done = done(transition);
        assertThat(text(next)).isEqualTo(json);
        assertThat(next.version()).isEqualTo(Entry.PENDING);
        assertThat(next.createdAt()).isEqualTo(current == null ? NOW : CREATED);
        assertThat(next.modifiedAt()).isEqualTo(NOW);
        assertThat(done.entry()).isSameAs(next);
        assertThat(done.changed()).isTrue();
        assertThat(done.created()).isEqualTo(current == null);
        assertThat(transition.change())
                .isEqualTo(
                        current == null
                                ? new Change.Created(next, operation, NOW)
                                : new Change.Updated(next, operation, NOW));
        return done;
    }

    /** One of each kind that a request can ask for; each would change or answer a record that holds a number. */
    static List<Operation> operations(Conditions conditions) {
        var one = json("1");
        return List.of(
                new Operation.Get(conditions),
                new Operation.Put(new Value.Inline(bytes("2")), MediaType.JSON, Ttl.KEEP, conditions),
                new Operation.Delete(conditions),
                new Merge(one, conditions),
                new Patch(patch("[]"), conditions),
                new Increment(BigDecimal.ONE, conditions),
                new Operation.CompareAndSet(one, bytes("2"), conditions),
                new SetChildren(Json.mapper().createObjectNode(), conditions),
                new RemoveChildren(List.of("a"), conditions),
                new Push(one, End.TAIL, false, Integer.MAX_VALUE, conditions),
                new Pop(End.TAIL, one, conditions),
                new Operation.GetOrCreate(bytes("2"), Ttl.KEEP, conditions),
                new Operation.Touch(5_000, conditions));
    }
}
