// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.model.Conditions;
import io.drey.model.JsonPatch;
import io.drey.model.MalformedJsonException;
import io.drey.model.Operation;
import io.drey.model.Operation.End;
import io.drey.model.Operation.Kind;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/** Operations inside a command: a number for the kind, then the components of its record in their order. */
final class OperationWire {
    private static final int HEAD = 1;
    private static final int TAIL = 2;
    /** Of a text: its encoding and its length. */
    private static final int TEXT_BYTES_MIN = 5;

    private OperationWire() {}

    static void write(Operation operation, WireWriter out) {
        out.int8(number(operation.kind()));
        switch (operation.kind()) {
            case GET, DELETE, EXPIRE -> {}
            case PUT -> writePut((Operation.Put) operation, out);
            case MERGE -> out.json(((Operation.Merge) operation).patch());
            case PATCH -> out.json(((Operation.Patch) operation).patch().document());
            case INCREMENT -> writeDecimal(((Operation.Increment) operation).by(), out);
            case COMPARE_AND_SET -> writeCompareAndSet((Operation.CompareAndSet) operation, out);
            case SET_CHILDREN -> out.json(((Operation.SetChildren) operation).values());
            case REMOVE_CHILDREN -> writeKeys(((Operation.RemoveChildren) operation).keys(), out);
            case PUSH -> writePush((Operation.Push) operation, out);
            case POP -> writePop((Operation.Pop) operation, out);
            case GET_OR_CREATE -> writeGetOrCreate((Operation.GetOrCreate) operation, out);
            case TOUCH -> out.int64(((Operation.Touch) operation).ttl());
        }
        if (operation.kind() != Kind.EXPIRE) {
            ConditionsWire.write(operation.conditions(), out);
        }
    }

    static Operation read(WireReader in) {
        int number = in.int8();
        return switch (number) {
            case 1 -> new Operation.Get(conditions(in));
            case 2 -> new Operation.Put(EntryWire.readValue(in), in.text(), in.int64(), conditions(in));
            case 3 -> new Operation.Delete(conditions(in));
            case 4 -> new Operation.Expire();
            case 5 -> new Operation.Merge(in.json(), conditions(in));
            case 6 -> new Operation.Patch(readPatch(in), conditions(in));
            case 7 -> new Operation.Increment(readDecimal(in), conditions(in));
            case 8 -> new Operation.CompareAndSet(in.flag() ? in.json() : null, in.bytes(), conditions(in));
            case 9 -> new Operation.SetChildren(readObject(in), conditions(in));
            case 10 -> new Operation.RemoveChildren(readKeys(in), conditions(in));
            case 11 -> new Operation.Push(in.json(), readEnd(in), in.flag(), in.int32(), conditions(in));
            case 12 -> new Operation.Pop(readEnd(in), in.json(), conditions(in));
            case 13 -> new Operation.GetOrCreate(in.bytes(), in.int64(), conditions(in));
            case 14 -> new Operation.Touch(in.int64(), conditions(in));
            default -> throw new UnknownFormatException("an operation", number);
        };
    }

    /** The numbers are part of the format: a new kind gets the next one, none is ever given twice. */
    private static int number(Kind kind) {
        return switch (kind) {
            case GET -> 1;
            case PUT -> 2;
            case DELETE -> 3;
            case EXPIRE -> 4;
            case MERGE -> 5;
            case PATCH -> 6;
            case INCREMENT -> 7;
            case COMPARE_AND_SET -> 8;
            case SET_CHILDREN -> 9;
            case REMOVE_CHILDREN -> 10;
            case PUSH -> 11;
            case POP -> 12;
            case GET_OR_CREATE -> 13;
            case TOUCH -> 14;
        };
    }

    private static Conditions conditions(WireReader in) {
        return ConditionsWire.read(in);
    }

    private static void writePut(Operation.Put put, WireWriter out) {
        EntryWire.writeValue(put.value(), out);
        out.text(put.contentType());
        out.int64(put.ttl());
    }

    private static JsonPatch readPatch(WireReader in) {
        try {
            return JsonPatch.parse(in.json());
        } catch (MalformedJsonException e) {
            throw new WireException("a JSON Patch that is none", e);
        }
    }

    /** Exact in value and scale, as {@link BigDecimal} defines them. */
    private static void writeDecimal(BigDecimal decimal, WireWriter out) {
        out.int32(decimal.scale());
        out.bytes(decimal.unscaledValue().toByteArray());
    }

    private static BigDecimal readDecimal(WireReader in) {
        int scale = in.int32();
        byte[] unscaled = in.bytes();
        if (unscaled.length == 0) {
            throw new WireException("a number without a byte");
        }
        return new BigDecimal(new BigInteger(unscaled), scale);
    }

    private static void writeCompareAndSet(Operation.CompareAndSet compareAndSet, WireWriter out) {
        out.flag(compareAndSet.expected() != null);
        if (compareAndSet.expected() != null) {
            out.json(compareAndSet.expected());
        }
        out.bytes(compareAndSet.value());
    }

    private static ObjectNode readObject(WireReader in) {
        if (in.json() instanceof ObjectNode object) {
            return object;
        }
        throw new WireException("expected a JSON object");
    }

    private static void writeKeys(List<String> keys, WireWriter out) {
        out.int32(keys.size());
        keys.forEach(out::text);
    }

    private static List<String> readKeys(WireReader in) {
        int count = in.count(TEXT_BYTES_MIN);
        var keys = new ArrayList<String>(count);
        for (int i = 0; i < count; i++) {
            keys.add(in.text());
        }
        return keys;
    }

    private static void writePush(Operation.Push push, WireWriter out) {
        out.json(push.value());
        writeEnd(push.end(), out);
        out.flag(push.unique());
        out.int32(push.max());
    }

    private static void writePop(Operation.Pop pop, WireWriter out) {
        writeEnd(pop.end(), out);
        out.json(pop.fallback());
    }

    private static void writeEnd(End end, WireWriter out) {
        out.int8(
                switch (end) {
                    case HEAD -> HEAD;
                    case TAIL -> TAIL;
                });
    }

    private static End readEnd(WireReader in) {
        int number = in.int8();
        return switch (number) {
            case HEAD -> End.HEAD;
            case TAIL -> End.TAIL;
            default -> throw new UnknownFormatException("an end of an array", number);
        };
    }

    private static void writeGetOrCreate(Operation.GetOrCreate getOrCreate, WireWriter out) {
        out.bytes(getOrCreate.value());
        out.int64(getOrCreate.ttl());
    }
}
