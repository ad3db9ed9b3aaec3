// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.http.Durations;
import io.drey.http.HttpLimits;
import io.drey.http.Problem;
import io.drey.http.ProblemException;
import io.drey.model.Conditions;
import io.drey.model.Decimals;
import io.drey.model.JsonMembers;
import io.drey.model.Operation;
import io.drey.model.Operation.End;
import io.drey.model.Ttl;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/** Makes operations of their JSON, alone or in a batch: every member is checked before any key is looked at. */
final class OperationBody {
    private static final Map<String, Set<String>> MEMBERS = Map.of(
            "increment", Set.of("by"),
            "compare-and-set", Set.of("expected", "value"),
            "set-children", Set.of("values"),
            "remove-children", Set.of("keys"),
            "push", Set.of("value", "location", "unique", "max"),
            "pop", Set.of("location", "default"),
            "get-or-create", Set.of("value", "ttl"),
            "touch", Set.of("ttl"));

    private final JsonMembers members;
    private final Conditions conditions;
    private final HttpLimits limits;

    private OperationBody(JsonMembers members, Conditions conditions, HttpLimits limits) {
        this.members = members;
        this.conditions = conditions;
        this.limits = limits;
    }

    static Set<String> names() {
        return MEMBERS.keySet();
    }

    /** The members that the operation takes. */
    static Set<String> members(String name) {
        return MEMBERS.get(name);
    }

    static Operation parse(String name, JsonMembers members, Conditions conditions, HttpLimits limits) {
        JsonBodies.refuseUnknown(members, members(name));
        return parseKnown(name, members, conditions, limits);
    }

    /** Like {@link #parse}; the caller has refused unknown members. */
    static Operation parseKnown(String name, JsonMembers members, Conditions conditions, HttpLimits limits) {
        return new OperationBody(members, conditions, limits).operation(name);
    }

    private Operation operation(String name) {
        return switch (name) {
            case "increment" -> new Operation.Increment(amount(), conditions);
            case "compare-and-set" ->
                new Operation.CompareAndSet(members.node("expected"), required("value"), conditions);
            case "set-children" -> new Operation.SetChildren(values(), conditions);
            case "remove-children" -> new Operation.RemoveChildren(keys(), conditions);
            case "push" -> new Operation.Push(requiredNode("value"), location(), flag("unique"), max(), conditions);
            case "pop" -> new Operation.Pop(location(), fallback(), conditions);
            case "get-or-create" -> new Operation.GetOrCreate(required("value"), ttl(members, Ttl.KEEP), conditions);
            case "touch" -> new Operation.Touch(touchTtl(), conditions);
            default -> throw new IllegalArgumentException(name);
        };
    }

    private BigDecimal amount() {
        var by = members.node("by");
        if (by == null) {
            return BigDecimal.ONE;
        }
        if (!by.isNumber()) {
            throw invalid("by", "by must be a number.");
        }
        var json = limits.json();
        return Decimals.bounded(by, json.numberExponentMax(), json.numberDigitsMax())
                .orElseThrow(() -> invalid(
                        "by",
                        "by has at most " + json.numberDigitsMax() + " digits and an exponent of at most "
                                + json.numberExponentMax() + "."));
    }

    private byte[] required(String name) {
        var raw = members.raw(name);
        if (raw == null) {
            throw missing(name);
        }
        return raw;
    }

    private JsonNode requiredNode(String name) {
        var node = members.node(name);
        if (node == null) {
            throw missing(name);
        }
        return node;
    }

    private static ProblemException missing(String name) {
        return invalid(name, "The member \"" + name + "\" is missing.");
    }

    private ObjectNode values() {
        if (!(requiredNode("values") instanceof ObjectNode values)) {
            throw invalid("values", "values must be an object.");
        }
        return values;
    }

    private List<String> keys() {
        var node = requiredNode("keys");
        var keys = new ArrayList<String>();
        for (JsonNode key : node) {
            if (!key.isTextual()) {
                throw invalid("keys", "keys must be an array of strings.");
            }
            keys.add(key.textValue());
        }
        if (!node.isArray()) {
            throw invalid("keys", "keys must be an array of strings.");
        }
        return keys;
    }

    private End location() {
        var node = members.node("location");
        var text = node == null ? "tail" : node.asText();
        if (node != null && !node.isTextual() || !text.equals("tail") && !text.equals("head")) {
            throw invalid("location", "location is tail or head.");
        }
        return text.equals("tail") ? End.TAIL : End.HEAD;
    }

    private boolean flag(String name) {
        var node = members.node(name);
        if (node != null && !node.isBoolean()) {
            throw invalid(name, name + " is true or false.");
        }
        return node != null && node.booleanValue();
    }

    private int max() {
        var node = members.node("max");
        if (node == null) {
            return Integer.MAX_VALUE;
        }
        long max = wholeNumber(node, "max");
        if (max < 1 || max > Integer.MAX_VALUE) {
            throw invalid("max", "max is a whole number from 1 to " + Integer.MAX_VALUE + ".");
        }
        return (int) max;
    }

    /** The value of a small whole number, 0 when it is none. */
    static long wholeNumber(JsonNode node, String name) {
        if (!node.isNumber() || !node.canConvertToExactIntegral() || !node.canConvertToLong()) {
            throw invalid(name, name + " is a whole number.");
        }
        return node.longValue();
    }

    private JsonNode fallback() {
        var node = members.node("default");
        return node == null ? NullNode.getInstance() : node;
    }

    private long touchTtl() {
        if (!members.has("ttl")) {
            throw missing("ttl");
        }
        return "null".equals(members.typeOf("ttl")) ? Ttl.NONE : ttl(members, Ttl.NONE);
    }

    /** The member {@code ttl} in milliseconds; seconds with decimals on the wire. */
    static long ttl(JsonMembers members, long absent) {
        var node = members.node("ttl");
        if (node == null) {
            return absent;
        }
        var millis = node.isNumber() ? Durations.millisOfSeconds(node.toString(), true) : OptionalLong.empty();
        return millis.orElseThrow(
                () -> invalid("ttl", "ttl is a number of seconds from 0.001 to 100 years, or 0 for no expiry."));
    }

    static ProblemException invalid(String name, String detail) {
        return Problem.invalidParameter(name, detail).exception();
    }
}
