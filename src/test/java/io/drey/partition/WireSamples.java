// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.model.Conditions;
import io.drey.model.Conditions.Versions;
import io.drey.model.Entry;
import io.drey.model.Json;
import io.drey.model.JsonPatch;
import io.drey.model.MalformedJsonException;
import io.drey.model.Operation;
import io.drey.model.Operation.End;
import io.drey.model.Outcome;
import io.drey.model.Outcome.Detail;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Random commands and outcomes, with all that their records can hold. */
final class WireSamples {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String[] NUMBERS = {
        "0",
        "-0",
        "1",
        "1.0",
        "1.00",
        "-0.0e-00",
        "0.10",
        "1e5",
        "1E+05",
        "9007199254740993",
        "1e999999999",
        "123456789012345678901234567890",
        "-9223372036854775809",
        "3.14159265358979323846264338327950288"
    };
    private static final String[] PIECES = {
        "a",
        "key",
        "\0",
        "\n",
        "\"",
        "\\",
        "/",
        "~",
        "\u007f",
        "\u0080",
        "\u00e9",
        "\u20ac",
        "\ufffd",
        "\uffff",
        "\ud83d\ude00",
        "\ud800",
        "\udfff",
        "\udc00\ud800"
    };
    private static final long[] LONGS = {0, 1, -1, 42, -60_000, 1L << 53, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final String[] PATCHES = {
        "[]",
        "[{\"op\":\"add\",\"path\":\"\",\"value\":{\"b\":1.0,\"a\":null}}]",
        "[{\"op\":\"test\",\"path\":\"/a~1b/~0\",\"value\":null},{\"op\":\"remove\",\"path\":\"/x/-\"}]",
        "[{\"op\":\"move\",\"path\":\"/\\ud800\",\"from\":\"/\"},{\"op\":\"copy\",\"path\":\"/a\",\"from\":\"/b\"},"
                + "{\"op\":\"replace\",\"path\":\"/0\",\"value\":-0}]"
    };

    private final long seed;
    private final Random random;

    WireSamples() {
        seed = Long.getLong("drey.seed", System.nanoTime());
        random = new Random(seed);
    }

    @Override
    public String toString() {
        return "-Ddrey.seed=" + seed;
    }

    /** Each case of operation once. */
    List<Operation> operations() {
        return List.of(
                new Operation.Get(conditions()),
                new Operation.Put(value(), text(), number(), conditions()),
                new Operation.Delete(conditions()),
                new Operation.Expire(),
                new Operation.Merge(json(), conditions()),
                new Operation.Patch(patch(), conditions()),
                new Operation.Increment(decimal(), conditions()),
                new Operation.CompareAndSet(random.nextInt(3) == 0 ? null : json(), bytes(), conditions()),
                new Operation.SetChildren(object(3), conditions()),
                new Operation.RemoveChildren(texts(), conditions()),
                new Operation.Push(json(), end(), random.nextBoolean(), random.nextInt(), conditions()),
                new Operation.Pop(end(), json(), conditions()),
                new Operation.GetOrCreate(bytes(), number(), conditions()),
                new Operation.Touch(number(), conditions()));
    }

    Command command(Operation operation) {
        var once = random.nextBoolean() ? null : new Command.Once(number(), text(), random.nextInt(), bytes());
        return new Command(number(), new RecordKey(number(), bytes()), operation, number(), once);
    }

    /** Each case of outcome, and of the detail of one, at least once. */
    List<Outcome> outcomes() {
        return List.of(
                done(Detail.NONE),
                done(new Detail.Applied(random.nextBoolean())),
                done(new Detail.Popped(json())),
                done(new Detail.Removed(entry())),
                new Outcome.NotFound(),
                new Outcome.PreconditionFailed(random.nextBoolean() ? null : (Long) number()),
                new Outcome.WrongType(text(), random.nextBoolean() ? null : text()),
                new Outcome.PatchFailed(text()),
                new Outcome.TooLarge(text(), number(), number()),
                new Outcome.OutOfBounds(text()));
    }

    /** Null now and then. */
    Entry entry() {
        return random.nextInt(4) == 0 ? null : new Entry(value(), text(), number(), number(), number(), number());
    }

    String text() {
        var text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }

    byte[] bytes() {
        var bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    private Outcome done(Detail detail) {
        return new Outcome.Done(entry(), random.nextBoolean(), random.nextBoolean(), detail);
    }

    private Value value() {
        return random.nextBoolean() ? new Value.Inline(bytes()) : new Value.Stored(number(), number());
    }

    private Conditions conditions() {
        return switch (random.nextInt(4)) {
            case 0 -> Conditions.NONE;
            case 1 -> Conditions.ABSENT;
            case 2 -> Conditions.matching(number());
            default -> new Conditions(versions(), versions(), number());
        };
    }

    private Versions versions() {
        return random.nextInt(3) == 0
                ? null
                : new Versions(
                        random.nextBoolean(), random.longs(random.nextInt(4)).toArray());
    }

    private JsonPatch patch() {
        try {
            return JsonPatch.parse(parsed(PATCHES[random.nextInt(PATCHES.length)]));
        } catch (MalformedJsonException e) {
            throw new AssertionError(e);
        }
    }

    private BigDecimal decimal() {
        return new BigDecimal(new BigInteger(random.nextInt(200), random), random.nextInt(2_000) - 1_000)
                .multiply(BigDecimal.valueOf(random.nextInt(3) - 1));
    }

    private End end() {
        return random.nextBoolean() ? End.HEAD : End.TAIL;
    }

    private List<String> texts() {
        return Stream.generate(this::text).limit(random.nextInt(5)).toList();
    }

    private JsonNode json() {
        return json(4);
    }

    private JsonNode json(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 6)) {
            case 0 -> NODES.nullNode();
            case 1 -> NODES.booleanNode(random.nextBoolean());
            case 2 -> NODES.textNode(text());
            case 3 -> Json.number(decimal());
            case 4, 5 -> parsed(NUMBERS[random.nextInt(NUMBERS.length)]);
            case 6, 7 -> object(depth - 1);
            default -> {
                var array = NODES.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(json(depth - 1));
                }
                yield array;
            }
        };
    }

    private ObjectNode object(int depth) {
        var object = NODES.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
            object.set(text(), json(depth));
        }
        return object;
    }

    private long number() {
        return random.nextBoolean() ? random.nextLong() : LONGS[random.nextInt(LONGS.length)];
    }

    private static JsonNode parsed(String json) {
        try {
            return Json.parse(json.getBytes(UTF_8), 10);
        } catch (MalformedJsonException e) {
            throw new AssertionError(e);
        }
    }
}
