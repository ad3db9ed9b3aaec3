// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.model.Operation.CompareAndSet;
import io.drey.model.Operation.GetOrCreate;
import io.drey.model.Operation.Increment;
import io.drey.model.Operation.Merge;
import io.drey.model.Operation.Patch;
import io.drey.model.Operation.Pop;
import io.drey.model.Operation.Push;
import io.drey.model.Operation.Put;
import io.drey.model.Operation.RemoveChildren;
import io.drey.model.Operation.SetChildren;
import io.drey.model.Operation.Touch;
import io.drey.model.Outcome.Detail;
import io.drey.model.Outcome.Done;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * What each operation does: one pure function from (present entry, operation) to (next entry, outcome, change). It
 * serves live requests, repeats, batches and tests alike.
 *
 * <p>The caller has a record past its time expired first (see {@link #expire}) and, where
 * {@link Operation#readsValue} says so, has the bytes of a value at hand that the ledger keeps in chunks. Costs what
 * parsing and writing the value costs.
 */
public final class Rules {
    private final Entry current;
    private final byte[] bytes;
    private final Operation operation;
    private final Context context;
    private JsonNode tree;

    private Rules(Entry current, byte[] bytes, Operation operation, Context context) {
        this.current = current;
        this.bytes = bytes;
        this.operation = operation;
        this.context = context;
    }

    /**
     * Applies an operation.
     *
     * @param current null when absent; never past its expiry
     * @param bytes of the current value when it is {@link Value.Stored} and the operation reads it, else null
     */
    public static Transition apply(Entry current, byte[] bytes, Operation operation, Context context) {
        return new Rules(current, bytes, operation, context).apply();
    }

    /** The end of a record whose time has come. */
    public static Transition expire(Entry expired, Context context) {
        return new Transition(
                null, new Done(null, false, true, new Detail.Removed(expired)), new Change.Expired(context.now()));
    }

    private Transition apply() {
        if (current == null && needsRecord(operation.kind())) {
            return Transition.unchanged(null, new Outcome.NotFound());
        }
        if (!operation.conditions().hold(current)) {
            var version = current == null ? null : current.version();
            return Transition.unchanged(current, new Outcome.PreconditionFailed(version));
        }
        try {
            return transition();
        } catch (Refusal refusal) {
            return Transition.unchanged(current, refusal.outcome);
        }
    }

    private static boolean needsRecord(Operation.Kind kind) {
        return kind == Operation.Kind.PATCH || kind == Operation.Kind.TOUCH || kind == Operation.Kind.GET;
    }

    private Transition transition() throws Refusal {
        return switch (operation.kind()) {
            case GET, EXPIRE -> found(Detail.NONE);
            case PUT -> put((Put) operation);
            case DELETE -> delete();
            case TOUCH -> touch((Touch) operation);
            case MERGE -> replaceTree(MergePatch.apply(tree(), ((Merge) operation).patch()), Detail.NONE);
            case PATCH -> patch((Patch) operation);
            case INCREMENT -> increment((Increment) operation);
            case COMPARE_AND_SET -> compareAndSet((CompareAndSet) operation);
            case SET_CHILDREN -> setChildren((SetChildren) operation);
            case REMOVE_CHILDREN -> removeChildren((RemoveChildren) operation);
            case PUSH -> push((Push) operation);
            case POP -> pop((Pop) operation);
            case GET_OR_CREATE -> getOrCreate((GetOrCreate) operation);
        };
    }

    private Transition put(Put put) {
        return write(put.value(), put.contentType(), put.ttl(), Detail.NONE);
    }

    private Transition delete() {
        if (current == null) {
            return Transition.unchanged(null, new Done(null, false, false, new Detail.Removed(null)));
        }
        return new Transition(
                null,
                new Done(null, false, true, new Detail.Removed(current)),
                new Change.Deleted(operation.kind().text(), context.now()));
    }

    private Transition touch(Touch touch) {
        if (touch.ttl() == Ttl.NONE && current.expiresAt() == Entry.NEVER) {
            return found(Detail.NONE);
        }
        var next = new Entry(
                current.value(),
                current.contentType(),
                Entry.PENDING,
                current.createdAt(),
                modifiedAt(),
                Ttl.expiresAt(touch.ttl(), current.expiresAt(), context.now()));
        return changed(next, Detail.NONE);
    }

    private Transition patch(Patch patch) throws Refusal {
        try {
            // Depth is judged where the result is written, as for every operation; this bound only keeps copies that
            // nest ever deeper from exhausting the stack.
            int depthMax = 2 * context.limits().jsonDepthMax();
            var patched = patch.patch().apply(tree(), context.limits().jsonBytesMax(), depthMax);
            return replaceTree(patched, Detail.NONE);
        } catch (PatchFailedException e) {
            throw new Refusal(new Outcome.PatchFailed(e.getMessage()));
        }
    }

    private Transition increment(Increment increment) throws Refusal {
        var tree = tree();
        if (tree == null) {
            return replaceTree(Json.number(increment.by()), Detail.NONE);
        }
        expect(tree.isNumber(), tree, "number");
        var sum = boundedNumber(tree).add(increment.by());
        var next = Json.number(sum);
        if (Decimals.bounded(
                        next,
                        context.limits().numberExponentMax(),
                        context.limits().numberDigitsMax())
                .isEmpty()) {
            throw outOfBounds("The sum");
        }
        return replaceTree(next, Detail.NONE);
    }

    private BigDecimal boundedNumber(JsonNode number) throws Refusal {
        Optional<BigDecimal> decimal = Decimals.bounded(
                number, context.limits().numberExponentMax(), context.limits().numberDigitsMax());
        if (decimal.isEmpty()) {
            throw outOfBounds("The stored number");
        }
        return decimal.get();
    }

    private Refusal outOfBounds(String what) {
        return new Refusal(new Outcome.OutOfBounds(what + " is outside what increment works on: at most "
                + context.limits().numberDigitsMax() + " digits and an exponent of at most "
                + context.limits().numberExponentMax() + "."));
    }

    private Transition compareAndSet(CompareAndSet compareAndSet) throws Refusal {
        var tree = tree();
        var present = tree == null ? NullNode.getInstance() : tree;
        var expected = compareAndSet.expected() == null ? NullNode.getInstance() : compareAndSet.expected();
        if (!Json.sameValue(present, expected)) {
            return found(new Detail.Applied(false));
        }
        return writeJson(compareAndSet.value(), Ttl.KEEP, new Detail.Applied(true));
    }

    private Transition setChildren(SetChildren setChildren) throws Refusal {
        var tree = tree();
        expect(tree == null || tree.isObject(), tree, "object");
        ObjectNode next = tree == null ? JsonNodeFactory.instance.objectNode() : ((ObjectNode) tree).deepCopy();
        next.setAll(setChildren.values());
        return replaceTree(next, Detail.NONE);
    }

    private Transition removeChildren(RemoveChildren removeChildren) throws Refusal {
        var tree = tree();
        if (tree == null) {
            return found(Detail.NONE);
        }
        expect(tree.isObject(), tree, "object");
        ObjectNode next = ((ObjectNode) tree).deepCopy();
        next.remove(removeChildren.keys());
        return replaceTree(next, Detail.NONE);
    }

    private Transition push(Push push) throws Refusal {
        var tree = tree();
        expect(tree == null || tree.isArray(), tree, "array");
        ArrayNode array = tree == null ? JsonNodeFactory.instance.arrayNode() : (ArrayNode) tree;
        if (push.unique() && contains(array, push.value())) {
            return found(Detail.NONE);
        }
        if (push.end() == Operation.End.TAIL) {
            array.add(push.value());
        } else {
            array.insert(0, push.value());
        }
        return writeTree(within(array, push), Detail.NONE);
    }

    /** The array without what is too much at the end that was not pushed to. */
    private static ArrayNode within(ArrayNode array, Push push) {
        int excess = array.size() - push.max();
        if (excess <= 0) {
            return array;
        }
        var kept = JsonNodeFactory.instance.arrayNode(push.max());
        int from = push.end() == Operation.End.TAIL ? excess : 0;
        for (int i = from; i < from + push.max(); i++) {
            kept.add(array.get(i));
        }
        return kept;
    }

    private static boolean contains(ArrayNode array, JsonNode value) {
        for (JsonNode element : array) {
            if (Json.sameValue(element, value)) {
                return true;
            }
        }
        return false;
    }

    private Transition pop(Pop pop) throws Refusal {
        var tree = tree();
        expect(tree == null || tree.isArray(), tree, "array");
        if (tree == null || tree.isEmpty()) {
            return found(new Detail.Popped(pop.fallback()));
        }
        ArrayNode array = (ArrayNode) tree;
        var popped = array.remove(pop.end() == Operation.End.TAIL ? array.size() - 1 : 0);
        return writeTree(array, new Detail.Popped(popped));
    }

    private Transition getOrCreate(GetOrCreate getOrCreate) throws Refusal {
        if (current != null) {
            requireJson(null);
            return found(Detail.NONE);
        }
        return writeJson(getOrCreate.value(), getOrCreate.ttl(), Detail.NONE);
    }

    /** The present value as a tree that the caller may change, null when the key is absent. */
    private JsonNode tree() throws Refusal {
        if (current == null || tree != null) {
            return tree;
        }
        requireJson(expectedType());
        if (current.value().size() > context.limits().jsonBytesMax()) {
            throw new Refusal(new Outcome.TooLarge(
                    "The JSON value that operations work on",
                    context.limits().jsonBytesMax(),
                    current.value().size()));
        }
        try {
            var json = current.value() instanceof Value.Inline inline ? inline.bytes() : bytes;
            tree = Json.parse(json, context.limits().jsonDepthMax());
            return tree;
        } catch (MalformedJsonException e) {
            throw new Refusal(
                    new Outcome.OutOfBounds("The stored value is not within the bounds of JSON: " + e.getMessage()));
        }
    }

    private void requireJson(String expected) throws Refusal {
        if (!MediaType.isJson(current.contentType())) {
            throw new Refusal(new Outcome.WrongType("bytes", expected));
        }
    }

    private String expectedType() {
        if (operation instanceof Increment) {
            return "number";
        }
        if (operation instanceof Push || operation instanceof Pop) {
            return "array";
        }
        return operation instanceof SetChildren || operation instanceof RemoveChildren ? "object" : null;
    }

    private static void expect(boolean holds, JsonNode found, String expected) throws Refusal {
        if (!holds) {
            throw new Refusal(new Outcome.WrongType(Json.typeOf(found), expected));
        }
    }

    /** Writes {@code next} unless it is, to the digit, what is there. */
    private Transition replaceTree(JsonNode next, Detail detail) throws Refusal {
        var tree = tree();
        return tree != null && Json.sameText(tree, next) ? found(detail) : writeTree(next, detail);
    }

    private Transition writeTree(JsonNode next, Detail detail) throws Refusal {
        if (Json.depth(next) > context.limits().jsonDepthMax()) {
            throw new Refusal(new Outcome.OutOfBounds(
                    "The result would be nested deeper than " + context.limits().jsonDepthMax() + " levels."));
        }
        return writeJson(Json.write(next), Ttl.KEEP, detail);
    }

    private Transition writeJson(byte[] json, long ttl, Detail detail) throws Refusal {
        if (json.length > context.limits().jsonBytesMax()) {
            throw new Refusal(new Outcome.TooLarge(
                    "The JSON value that would result", context.limits().jsonBytesMax(), json.length));
        }
        var contentType = current == null ? MediaType.JSON : current.contentType();
        return write(new Value.Inline(json), contentType, ttl, detail);
    }

    private Transition write(Value value, String contentType, long ttl, Detail detail) {
        long soFar =
                current == null ? Ttl.expiresAt(context.defaultTtl(), Entry.NEVER, context.now()) : current.expiresAt();
        var next = new Entry(
                value,
                contentType,
                Entry.PENDING,
                current == null ? context.now() : current.createdAt(),
                modifiedAt(),
                Ttl.expiresAt(ttl, soFar, context.now()));
        return changed(next, detail);
    }

    private long modifiedAt() {
        return current == null ? context.now() : Math.max(context.now(), current.modifiedAt());
    }

    private Transition changed(Entry next, Detail detail) {
        boolean created = current == null;
        var change = created
                ? new Change.Created(next, operation.kind().text(), context.now())
                : new Change.Updated(next, operation.kind().text(), context.now());
        return new Transition(next, new Done(next, created, true, detail), change);
    }

    private Transition found(Detail detail) {
        return Transition.unchanged(current, new Done(current, false, false, detail));
    }

    /** Leaves a rule in its middle; costs no stack trace. */
    private static final class Refusal extends Exception {
        private static final long serialVersionUID = 1L;

        private final transient Outcome outcome;

        Refusal(Outcome outcome) {
            super(null, null, false, false);
            this.outcome = outcome;
        }
    }
}
