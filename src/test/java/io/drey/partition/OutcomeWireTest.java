// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.TextNode;
import io.drey.model.Entry;
import io.drey.model.Outcome;
import io.drey.model.Outcome.Detail;
import io.drey.model.Outcome.Done;
import io.drey.model.Value;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutcomeWireTest {
    private static final int ROUNDS = 200;
    private static final Entry ENTRY =
            new Entry(new Value.Inline("[1]".getBytes(UTF_8)), "application/json", 42, 1_000, 2_000, 3_000);
    private static final Entry STORED = new Entry(new Value.Stored(99, 70_000), "image/png", 43, 1_000, 2_000, 0);

    /** As the first release sends them. */
    private static Map<String, Outcome> firstFormat() {
        var kept = new LinkedHashMap<String, Outcome>();
        kept.put(
                "01010101000000106170706c69636174696f6e2f6a736f6e000000000000002a00000000000003e80000"
                        + "0000000007d00000000000000bb801000000035b315d010100",
                new Done(ENTRY, true, true, Detail.NONE));
        kept.put(
                "01010101000000106170706c69636174696f6e2f6a736f6e000000000000002a00000000000003e80000"
                        + "0000000007d00000000000000bb801000000035b315d00010200000003227822",
                new Done(ENTRY, false, true, new Detail.Popped(TextNode.valueOf("x"))));
        kept.put(
                "010100000103010100000009696d6167652f706e67000000000000002b00000000000003e80000000000"
                        + "0007d000000000000000000200000000000000630000000000011170",
                new Done(null, false, true, new Detail.Removed(STORED)));
        kept.put("01010000000101", new Done(null, false, false, new Detail.Applied(true)));
        kept.put("0102", new Outcome.NotFound());
        kept.put("010301000000000000002a", new Outcome.PreconditionFailed(42L));
        kept.put("01040100000005617272617900", new Outcome.WrongType("array", null));
        kept.put("0105010000000170", new Outcome.PatchFailed("p"));
        kept.put("010601000000017700000000000000010000000000000002", new Outcome.TooLarge("w", 1, 2));
        kept.put("0107010000000162", new Outcome.OutOfBounds("b"));
        return kept;
    }

    @Test
    void everyOutcomeComesBackAsItWas() {
        var samples = new WireSamples();
        for (int i = 0; i < ROUNDS; i++) {
            for (var outcome : samples.outcomes()) {
                assertThat(SameContent.same(read(written(outcome)), outcome))
                        .as("%s %s", samples, outcome)
                        .isTrue();
            }
        }
    }

    @Test
    void samplesHoldEveryOutcomeAndEveryDetail() {
        var samples = new WireSamples().outcomes();
        assertThat(samples.stream().map(Object::getClass).collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Outcome.class.getPermittedSubclasses());
        assertThat(samples.stream()
                        .filter(Done.class::isInstance)
                        .<Class<?>>map(outcome -> ((Done) outcome).detail().getClass())
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Detail.class.getPermittedSubclasses());
    }

    @Test
    void bytesOfTheFirstFormatAreStillReadAndWritten() {
        firstFormat().forEach((kept, outcome) -> {
            assertThat(HexFormat.of().formatHex(written(outcome).getBytes())).isEqualTo(kept);
            var read = read(Buffer.buffer(HexFormat.of().parseHex(kept)));
            assertThat(SameContent.same(read, outcome)).as("%s", outcome).isTrue();
        });
        assertThat(firstFormat()).hasSameSizeAs(new WireSamples().outcomes());
    }

    @Test
    void eachOfTwoEntriesKeepsItsOwnVersion() {
        var read = (Done) read(written(new Done(ENTRY, false, true, new Detail.Removed(STORED))));
        assertThat(read.entry().version()).isEqualTo(42);
        assertThat(((Detail.Removed) read.detail()).entry().version()).isEqualTo(43);
    }

    @Test
    void cutOutcomesAreRefusedWhereverTheyAreCut() {
        var samples = new WireSamples();
        for (var outcome : samples.outcomes()) {
            var whole = written(outcome);
            for (int length = 0; length < whole.length(); length++) {
                var cut = whole.getBuffer(0, length);
                assertThatExceptionOfType(WireException.class)
                        .as("%s %s cut to %d", samples, outcome, length)
                        .isThrownBy(() -> read(cut));
            }
        }
    }

    @Test
    void damagedOutcomesAreReadOrRefusedAndNothingElse() {
        var samples = new WireSamples();
        for (int i = 0; i < ROUNDS; i++) {
            for (var outcome : samples.outcomes()) {
                var damaged = written(outcome);
                damaged.setByte(samples.below(damaged.length()), (byte) samples.below(256));
                assertThat(isReadOrRefused(damaged))
                        .as("%s %s", samples, outcome)
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void outcomeOfALaterReleaseIsRefusedByItsNumber(int position) {
        var buffer = written(new Outcome.NotFound()).setByte(position, (byte) 99);
        assertThatExceptionOfType(UnknownFormatException.class)
                .isThrownBy(() -> read(buffer))
                .satisfies(e -> assertThat(e.found()).isEqualTo(99));
    }

    @Test
    void entryAloneComesBackAsItWasOrAbsent() {
        var samples = new WireSamples();
        for (int i = 0; i < ROUNDS; i++) {
            var entry = samples.entry();
            var buffer = Buffer.buffer("xyz");
            EntryWire.write(entry, buffer);
            assertThat(SameContent.same(EntryWire.read(buffer, 3), entry))
                    .as("%s %s", samples, entry)
                    .isTrue();
        }
    }

    @Test
    void bytesOfAnEntryInTheFirstFormatAreStillReadAndWritten() {
        var buffer = Buffer.buffer();
        EntryWire.write(ENTRY, buffer);
        assertThat(HexFormat.of().formatHex(buffer.getBytes()))
                .isEqualTo("010101000000106170706c69636174696f6e2f6a736f6e000000000000002a00000000000003e8000000"
                        + "00000007d00000000000000bb801000000035b315d");
        buffer.setByte(0, (byte) 2);
        assertThatExceptionOfType(UnknownFormatException.class).isThrownBy(() -> EntryWire.read(buffer, 0));
    }

    @ParameterizedTest
    @EnumSource
    void everyKindOfFailureComesBackWithItsMessage(Failure.Kind kind) {
        for (String message : new String[] {"No node.", "", null, "\0\ud800", "x".repeat(100_000)}) {
            var buffer = Buffer.buffer();
            FailureWire.write(new Failure(kind, message), buffer);
            var read = FailureWire.read(buffer, 0);
            assertThat(read.kind()).isEqualTo(kind);
            assertThat(read.getMessage()).isEqualTo(message);
        }
    }

    @Test
    void bytesOfFailuresInTheFirstFormatAreStillReadAndWritten() {
        var numbers = Map.of(
                Failure.Kind.UNAVAILABLE, 1,
                Failure.Kind.FULL, 2,
                Failure.Kind.UNKNOWN, 3,
                Failure.Kind.SPACE_CLOSED, 4,
                Failure.Kind.ALREADY_ANSWERED, 5,
                Failure.Kind.MOVED, 6);
        assertThat(numbers).containsOnlyKeys(Failure.Kind.values());
        for (var kind : Failure.Kind.values()) {
            var buffer = Buffer.buffer();
            FailureWire.write(new Failure(kind, "m"), buffer);
            assertThat(HexFormat.of().formatHex(buffer.getBytes()))
                    .isEqualTo("01" + "0" + numbers.get(kind) + "01" + "00000001" + "6d");
        }
    }

    @Test
    void cutOrUnknownFailuresAreRefused() {
        var whole = Buffer.buffer();
        FailureWire.write(new Failure(Failure.Kind.FULL, "m"), whole);
        for (int length = 0; length < whole.length(); length++) {
            var cut = whole.getBuffer(0, length);
            assertThatExceptionOfType(WireException.class).isThrownBy(() -> FailureWire.read(cut, 0));
        }
        whole.setByte(1, (byte) 99);
        assertThatExceptionOfType(UnknownFormatException.class).isThrownBy(() -> FailureWire.read(whole, 0));
    }

    private static Buffer written(Outcome outcome) {
        var buffer = Buffer.buffer();
        OutcomeWire.write(outcome, buffer);
        return buffer;
    }

    private static Outcome read(Buffer buffer) {
        return OutcomeWire.read(buffer, 0);
    }

    private static boolean isReadOrRefused(Buffer buffer) {
        try {
            return read(buffer) != null;
        } catch (WireException e) {
            return true;
        }
    }
}
