// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.drey.model.Conditions;
import io.drey.model.Entry;
import io.drey.model.Json;
import io.drey.model.MalformedJsonException;
import io.drey.model.MediaType;
import io.drey.model.Operation;
import io.drey.model.Operation.End;
import io.drey.model.Outcome;
import io.drey.model.Outcome.Detail;
import io.drey.model.Outcome.Done;
import io.drey.model.RecordKey;
import io.drey.model.Ttl;
import io.drey.model.Value;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeCodecTest {
    private static final String POPPED_FORMAT_1 =
            "0100010100106170706c69636174696f6e2f6a736f6e00000000000003e800000000000007d00000"
                    + "000000000bb801000000035b315d020000000132";
    private static final String REMOVED_FORMAT_1 =
            "0100010003010009696d6167652f706e6700000000000003e800000000000007d000000000000000"
                    + "000000000000000000630000000000011170";

    private static final long VERSION = 4_711;
    private static final Entry ENTRY = entry(new Value.Inline("{\"a\":1.0}".getBytes(UTF_8)));
    private static final Operation INCREMENT = new Operation.Increment(BigDecimal.ONE, Conditions.NONE);
    private static final Operation DELETE = new Operation.Delete(Conditions.NONE);
    private static final Operation POP = new Operation.Pop(End.TAIL, NullNode.getInstance(), Conditions.NONE);
    private static final Operation PUT = new Operation.Put(ENTRY.value(), MediaType.JSON, Ttl.KEEP, Conditions.NONE);
    private static final Operation COMPARE_AND_SET =
            new Operation.CompareAndSet(null, new byte[] {'1'}, Conditions.NONE);

    private static Entry entry(Value value) {
        return new Entry(value, "application/json; charset=utf-8", Entry.PENDING, 1_000, 2_000, 3_000);
    }

    private static Outcome roundTrip(Operation operation, Outcome outcome) {
        byte[] content = OutcomeCodec.encode(operation, outcome);
        assertThat(OutcomeCodec.isOutcome(content)).isTrue();
        var decoded = OutcomeCodec.decode(content, VERSION);
        assertThat(decoded).hasSize(1);
        return decoded.get(0);
    }

    private static void assertSame(Object actual, Object expected) {
        assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
    }

    @Test
    void changedRecordComesBackWithTheVersionThatTheLedgerKept() {
        var outcome = new Done(ENTRY, false, true, Detail.NONE);
        assertSame(roundTrip(INCREMENT, outcome), outcome.at(VERSION));
    }

    @Test
    void createdAndChangedComeBackAsTheyWere() {
        for (boolean created : new boolean[] {false, true}) {
            for (boolean changed : new boolean[] {false, true}) {
                var outcome = new Done(ENTRY, created, changed, Detail.NONE);
                assertSame(roundTrip(INCREMENT, outcome), outcome.at(VERSION));
            }
        }
    }

    @Test
    void absentRecordComesBackAbsent() {
        var outcome = new Done(null, false, false, Detail.NONE);
        assertSame(roundTrip(INCREMENT, outcome), outcome);
    }

    @Test
    void recordWithoutExpiryComesBackWithoutOne() {
        var entry = new Entry(new Value.Inline(new byte[0]), "", Entry.PENDING, 0, Long.MAX_VALUE, Entry.NEVER);
        var outcome = new Done(entry, true, true, Detail.NONE);
        assertSame(roundTrip(INCREMENT, outcome), outcome.at(VERSION));
    }

    @Test
    void valueThatTheLedgerKeepsComesBackByItsName() {
        var outcome = new Done(entry(new Value.Stored(99, 1L << 33)), false, true, Detail.NONE);
        assertSame(roundTrip(new Operation.Touch(5_000, Conditions.NONE), outcome), outcome.at(VERSION));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void compareAndSetComesBackWithWhetherItApplied(boolean applied) {
        var outcome = new Done(ENTRY, false, applied, new Detail.Applied(applied));
        assertSame(roundTrip(COMPARE_AND_SET, outcome), outcome.at(VERSION));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "1.50", "123456789012345678901234567890e-7", "{\"b\":[true,\"é\"],\"a\":0.10}"})
    void poppedElementComesBackToTheDigit(String element) throws MalformedJsonException {
        var popped = Json.parse(element.getBytes(UTF_8), 10);
        var outcome = (Done) roundTrip(POP, new Done(ENTRY, false, true, new Detail.Popped(popped)));
        var decoded = ((Detail.Popped) outcome.detail()).element();
        assertThat(new String(Json.write(decoded), UTF_8)).isEqualTo(element);
        assertSame(outcome.entry(), ENTRY.withVersion(VERSION));
    }

    @Test
    void poppedElementMayBeNestedAsDeepAsAnyValue() {
        var element = JsonNodeFactory.instance.arrayNode();
        for (int depth = 0; depth < 500; depth++) {
            element = JsonNodeFactory.instance.arrayNode().add(element);
        }
        var outcome = (Done) roundTrip(POP, new Done(null, false, true, new Detail.Popped(element)));
        assertThat(Json.depth(((Detail.Popped) outcome.detail()).element())).isEqualTo(501);
    }

    @Test
    void deletedRecordComesBackWithItsValue() {
        var outcome = new Done(null, false, true, new Detail.Removed(ENTRY));
        assertSame(roundTrip(DELETE, outcome), outcome);
        assertSame(
                roundTrip(DELETE, new Done(null, false, false, new Detail.Removed(null))),
                new Done(null, false, false, new Detail.Removed(null)));
    }

    /** Its answer does not show the value, and to keep that twice would double what a repeatable put costs. */
    @Test
    void putComesBackWithTheSizeOfItsValueOnly() {
        var outcome = new Done(ENTRY, true, true, Detail.NONE);
        var expected = new Done(entry(new Value.Stored(0, ENTRY.value().size())), true, true, Detail.NONE);
        assertSame(roundTrip(PUT, outcome), expected.at(VERSION));
    }

    @Test
    void atomicBatchComesBackInOrderWithTheVersionOfEach() {
        var key = new RecordKey(1, new byte[] {'k'});
        var commands = List.of(
                new Command(1, key, INCREMENT, Ttl.NONE, null),
                new Command(2, key, new Operation.Get(Conditions.NONE), Ttl.NONE, null),
                new Command(3, key, DELETE, Ttl.NONE, null),
                new Command(4, key, new Operation.Get(Conditions.NONE), Ttl.NONE, null));
        var changed = new Done(ENTRY, false, true, Detail.NONE);
        var found = new Done(ENTRY, false, false, Detail.NONE);
        var deleted = new Done(null, false, true, new Detail.Removed(ENTRY));
        byte[] content = OutcomeCodec.encodeAll(
                commands,
                List.of(
                        new BatchRun.RelativeOutcome(changed, 2, true),
                        new BatchRun.RelativeOutcome(found, 17, false),
                        new BatchRun.RelativeOutcome(deleted, 3, true),
                        new BatchRun.RelativeOutcome(new Outcome.NotFound(), 0, false)));
        assertThat(OutcomeCodec.isOutcome(content)).isTrue();
        var decoded = OutcomeCodec.decode(content, VERSION);
        assertThat(decoded)
                .usingRecursiveComparison()
                .isEqualTo(List.of(changed.at(VERSION + 2), found.at(17), deleted, new Outcome.NotFound()));
    }

    /** Written by the first release: later ones must go on reading it, for as long as answers are kept. */
    @Test
    void bytesOfTheFirstFormatAreStillRead() {
        byte[] kept = HexFormat.of().parseHex(POPPED_FORMAT_1);
        var expected = new Done(
                new Entry(new Value.Inline("[1]".getBytes(UTF_8)), "application/json", VERSION, 1_000, 2_000, 3_000),
                false,
                true,
                new Detail.Popped(IntNode.valueOf(2)));
        var decoded = (Done) OutcomeCodec.decode(kept, VERSION).get(0);
        assertSame(decoded.entry(), expected.entry());
        assertThat(decoded.created()).isFalse();
        assertThat(decoded.changed()).isTrue();
        assertThat(((Detail.Popped) decoded.detail()).element().asText()).isEqualTo("2");
        assertThat(OutcomeCodec.encode(POP, expected)).isEqualTo(kept);
    }

    /** As above, for what a delete leaves: a removed record whose value lay in chunks. */
    @Test
    void bytesOfTheFirstFormatWithARemovedRecordAreStillRead() {
        byte[] kept = HexFormat.of().parseHex(REMOVED_FORMAT_1);
        var removed = new Entry(new Value.Stored(99, 70_000), "image/png", Entry.PENDING, 1_000, 2_000, Entry.NEVER);
        var expected = new Done(null, false, true, new Detail.Removed(removed));
        assertSame(OutcomeCodec.decode(kept, VERSION).get(0), expected);
        assertThat(OutcomeCodec.encode(DELETE, expected)).isEqualTo(kept);
    }
}
