// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.drey.model.Conditions;
import io.drey.model.Conditions.Versions;
import io.drey.model.Json;
import io.drey.model.JsonPatch;
import io.drey.model.MalformedJsonException;
import io.drey.model.Operation;
import io.drey.model.Operation.End;
import io.drey.model.Operation.Kind;
import io.drey.model.RecordKey;
import io.drey.model.Ttl;
import io.drey.model.Value;
import io.vertx.core.buffer.Buffer;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandWireTest {
    private static final int ROUNDS = 200;
    private static final int HEAD_BYTES = 1 + 8 + 8 + 4 + 1 + 8 + 1;
    private static final RecordKey KEY = new RecordKey(5, new byte[] {'k'});
    /** Of every command of {@link #plain}: format, id, space, key, default TTL, no once. */
    private static final String PLAIN_HEAD =
            "01" + "0000000000000009" + "0000000000000005" + "00000001" + "6b" + "0000000000000bb8" + "00";
    /** Of every kind, as the first release sends it. */
    private static final Map<Kind, String> PLAIN_OPERATIONS = new EnumMap<>(Map.ofEntries(
            Map.entry(Kind.GET, "0100"),
            Map.entry(Kind.PUT, "0202000000000000006300000000000111700100000009696d6167652f706e6700000000000003e800"),
            Map.entry(Kind.DELETE, "0300"),
            Map.entry(Kind.EXPIRE, "04"),
            Map.entry(Kind.MERGE, "050000000a7b2261223a6e756c6c7d00"),
            Map.entry(Kind.PATCH, "060000001d5b7b226f70223a2272656d6f7665222c2270617468223a222f61227d5d00"),
            Map.entry(Kind.INCREMENT, "070000000200000002ff6a00"),
            Map.entry(Kind.COMPARE_AND_SET, "0800000000013100"),
            Map.entry(Kind.SET_CHILDREN, "09000000097b2261223a312e307d00"),
            Map.entry(Kind.REMOVE_CHILDREN, "0a0000000201000000016101000000016200"),
            Map.entry(Kind.PUSH, "0b000000035b325d02010000000a00"),
            Map.entry(Kind.POP, "0c01000000046e756c6c00"),
            Map.entry(Kind.GET_OR_CREATE, "0d0000000131000000000000000000"),
            Map.entry(Kind.TOUCH, "0e000000000000138800")));

    private static final String FULL =
            "01fffffffffffffffe0000000000000005000000016b000000000000ea60010000000000000007020000"
                    + "0002d83dde0000000003000000030102030201000000077b2261223a317d0100000007746578742fc3a9"
                    + "ffffffffffffffff070000000002000000000000002a000000000000002b0100000000000000006553f1"
                    + "00";

    @Test
    void everyOperationComesBackAsItWas() {
        var samples = new WireSamples();
        for (int i = 0; i < ROUNDS; i++) {
            for (var operation : samples.operations()) {
                var command = samples.command(operation);
                assertThat(SameContent.same(read(written(command)), command))
                        .as("%s %s", samples, command)
                        .isTrue();
            }
        }
    }

    @Test
    void samplesHoldEveryOperationAndEveryKindOfValue() {
        var samples = new WireSamples().operations();
        assertThat(samples.stream().map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Operation.class.getPermittedSubclasses());
        assertThat(samples.stream().map(Operation::kind)).containsExactlyInAnyOrder(Kind.values());
        assertThat(Value.class.getPermittedSubclasses())
                .containsExactlyInAnyOrder(Value.Inline.class, Value.Stored.class);
    }

    @ParameterizedTest
    @EnumSource
    void bytesOfTheFirstFormatAreStillReadAndWritten(Kind kind) {
        var command = new Command(9, KEY, plain(kind), 3_000, null);
        byte[] kept = HexFormat.of().parseHex(PLAIN_HEAD + PLAIN_OPERATIONS.get(kind));
        assertThat(HexFormat.of().formatHex(written(command).getBytes()))
                .isEqualTo(HexFormat.of().formatHex(kept));
        assertThat(SameContent.same(read(Buffer.buffer(kept)), command)).isTrue();
    }

    @Test
    void bytesOfTheFirstFormatWithConditionsAndAnAnswerToRememberAreStillReadAndWritten() {
        byte[] kept = HexFormat.of().parseHex(FULL);
        assertThat(HexFormat.of().formatHex(written(full()).getBytes())).isEqualTo(FULL);
        assertThat(SameContent.same(read(Buffer.buffer(kept)), full())).isTrue();
    }

    @Test
    void commandIsReadFromAnyPositionAndAppended() {
        var buffer = Buffer.buffer("before");
        CommandWire.write(full(), buffer);
        assertThat(SameContent.same(CommandWire.read(buffer, 6), full())).isTrue();
    }

    @Test
    void oneMessageMayHoldSeveralCommands() {
        var buffer = Buffer.buffer();
        var out = new WireWriter(buffer);
        CommandWire.write(full(), out);
        CommandWire.write(full(), out);
        var in = new WireReader(buffer, 0);
        assertThat(SameContent.same(CommandWire.read(in), full())).isTrue();
        assertThat(in.position()).isEqualTo(buffer.length() / 2);
        assertThat(SameContent.same(CommandWire.read(in), full())).isTrue();
        assertThat(in.remaining()).isZero();
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> CommandWire.read(buffer, 0));
    }

    @Test
    void cutCommandsAreRefusedWhereverTheyAreCut() {
        var samples = new WireSamples();
        for (var operation : samples.operations()) {
            var whole = written(samples.command(operation));
            for (int length = 0; length < whole.length(); length++) {
                var cut = whole.getBuffer(0, length);
                assertThatExceptionOfType(WireException.class)
                        .as("%s %s cut to %d", samples, operation, length)
                        .isThrownBy(() -> read(cut));
            }
        }
    }

    @Test
    void damagedCommandsAreReadOrRefusedAndNothingElse() {
        var samples = new WireSamples();
        for (int i = 0; i < ROUNDS; i++) {
            for (var operation : samples.operations()) {
                var damaged = written(samples.command(operation));
                damaged.setByte(samples.below(damaged.length()), (byte) samples.below(256));
                assertThat(isReadOrRefused(damaged))
                        .as("%s %s", samples, operation)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 127, -1})
    void commandOfAnotherFormatIsRefusedByItsNumber(int format) {
        var buffer = written(full()).setByte(0, (byte) format);
        assertThatExceptionOfType(UnknownFormatException.class)
                .isThrownBy(() -> read(buffer))
                .satisfies(e -> assertThat(e.found()).isEqualTo(format));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, -1})
    void operationOfALaterReleaseIsRefusedByItsNumber(int number) {
        var buffer = written(new Command(9, KEY, plain(Kind.GET), 3_000, null)).setByte(HEAD_BYTES, (byte) number);
        assertThatExceptionOfType(UnknownFormatException.class)
                .isThrownBy(() -> read(buffer))
                .satisfies(e -> assertThat(e.found()).isEqualTo(number));
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 1_000_000})
    void lengthBeyondTheMessageIsRefusedBeforeAnythingIsAllocated(int length) {
        var keyLength = written(full()).setInt(1 + 8 + 8, length);
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> read(keyLength));
        var keys = new Command(9, KEY, new Operation.RemoveChildren(List.of(), Conditions.NONE), 0, null);
        var countOfKeys = written(keys).setInt(HEAD_BYTES + 1, length);
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> read(countOfKeys));
        var get = new Command(9, KEY, new Operation.Get(Conditions.matching(1)), 0, null);
        var countOfVersions = written(get).setInt(HEAD_BYTES + 3, length);
        assertThatExceptionOfType(WireException.class).isThrownBy(() -> read(countOfVersions));
    }

    @Test
    void numbersAndTheOrderOfMembersComeBackToTheLetter() {
        var text = "{\"b\":[1,1.0,-0,-0.0,1E+05,10e-1,123456789012345678901234567890],\"a\":\"\\ud800\","
                + "\"\":1e999999999}";
        var operation = roundTrip(new Operation.SetChildren((ObjectNode) json(text), Conditions.NONE));
        assertThat(Json.write(((Operation.SetChildren) operation).values())).isEqualTo(text.getBytes(UTF_8));
    }

    @Test
    void incrementKeepsItsScale() {
        for (var text : List.of("0", "0.00", "-1.50", "1E+30", "1E-1000", "-" + "9".repeat(10_000))) {
            var operation = new Operation.Increment(new BigDecimal(text), Conditions.NONE);
            assertThat(((Operation.Increment) roundTrip(operation)).by()).isEqualTo(operation.by());
        }
    }

    @Test
    void patchDoesTheSameAfterItsWay() throws Exception {
        var steps = "[{\"op\":\"add\",\"path\":\"/a~1b\",\"value\":1.0},{\"op\":\"copy\",\"path\":\"/c\",\"from\":"
                + "\"/a~1b\"},{\"op\":\"test\",\"path\":\"/x\",\"value\":null},{\"op\":\"remove\",\"path\":\"/x\"}]";
        assertThat(Json.sameValue(JsonPatch.parse(json(steps)).document(), json(steps)))
                .isTrue();
        var operation = roundTrip(new Operation.Patch(JsonPatch.parse(json(steps)), Conditions.NONE));
        assertThat(Json.write(((Operation.Patch) operation).patch().apply(json("{\"x\":null}"))))
                .asString(UTF_8)
                .isEqualTo("{\"a/b\":1.0,\"c\":1.0}");
    }

    @Test
    void treesAsDeepAsResultsMayBeArePassedOn() {
        JsonNode deep = JsonNodeFactory.instance.arrayNode();
        for (int depth = 1; depth < 1_000; depth++) {
            deep = JsonNodeFactory.instance.arrayNode().add(deep);
        }
        var operation = roundTrip(new Operation.Merge(deep, Conditions.NONE));
        assertThat(Json.depth(((Operation.Merge) operation).patch())).isEqualTo(1_000);
    }

    private static Operation roundTrip(Operation operation) {
        return read(written(new Command(9, KEY, operation, 0, null))).operation();
    }

    private static Buffer written(Command command) {
        var buffer = Buffer.buffer();
        CommandWire.write(command, buffer);
        return buffer;
    }

    private static Command read(Buffer buffer) {
        return CommandWire.read(buffer, 0);
    }

    private static boolean isReadOrRefused(Buffer buffer) {
        try {
            return read(buffer) != null;
        } catch (WireException e) {
            return true;
        }
    }

    private static Command full() {
        var conditions = new Conditions(Versions.of(42, 43), Versions.ANY, 1_700_000_000);
        var put = new Operation.Put(new Value.Inline("{\"a\":1}".getBytes(UTF_8)), "text/é", Ttl.KEEP, conditions);
        return new Command(-2, KEY, put, 60_000, new Command.Once(7, "\ud83d\ude00", 3, new byte[] {1, 2, 3}));
    }

    private static Operation plain(Kind kind) {
        var none = Conditions.NONE;
        byte[] value = {'1'};
        return switch (kind) {
            case GET -> new Operation.Get(none);
            case PUT -> new Operation.Put(new Value.Stored(99, 70_000), "image/png", 1_000, none);
            case DELETE -> new Operation.Delete(none);
            case EXPIRE -> new Operation.Expire();
            case MERGE -> new Operation.Merge(json("{\"a\":null}"), none);
            case PATCH -> new Operation.Patch(patch("[{\"op\":\"remove\",\"path\":\"/a\"}]"), none);
            case INCREMENT -> new Operation.Increment(new BigDecimal("-1.50"), none);
            case COMPARE_AND_SET -> new Operation.CompareAndSet(null, value, none);
            case SET_CHILDREN -> new Operation.SetChildren((ObjectNode) json("{\"a\":1.0}"), none);
            case REMOVE_CHILDREN -> new Operation.RemoveChildren(List.of("a", "b"), none);
            case PUSH -> new Operation.Push(json("[2]"), End.TAIL, true, 10, none);
            case POP -> new Operation.Pop(End.HEAD, json("null"), none);
            case GET_OR_CREATE -> new Operation.GetOrCreate(value, Ttl.NONE, none);
            case TOUCH -> new Operation.Touch(5_000, none);
        };
    }

    private static JsonPatch patch(String text) {
        try {
            return JsonPatch.parse(json(text));
        } catch (MalformedJsonException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(String text) {
        try {
            return Json.parse(text.getBytes(UTF_8), 10);
        } catch (MalformedJsonException e) {
            throw new AssertionError(e);
        }
    }
}
