// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "bytes=0-0 0 0",
                "bytes=0-9 0 9",
                "bytes=0-99 0 9",
                "bytes=3- 3 9",
                "bytes=9- 9 9",
                "bytes=-1 9 9",
                "bytes=-10 0 9",
                "bytes=-99 0 9",
                "BYTES=2-3 2 3",
                "bytes=,2-3, 2 3",
                "bytes=007-08 7 8",
                "bytes=1-99999999999999999999999 1 9",
                "bytes=-99999999999999999999999 0 9"
            })
    void satisfiableRangeIsCutToTheRepresentation(String header, long first, long last) {
        assertThat(ByteRange.decide(header, 10)).isEqualTo(new ReadDecision.Partial(new ByteRange(first, last)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bytes=10-",
                "bytes=10-20",
                "bytes=-0",
                "bytes=-000",
                "bytes=99999999999999999999-",
                "bytes=99999999999999999998-99999999999999999999"
            })
    void rangeBeyondTheEndIsUnsatisfiable(String header) {
        assertThat(ByteRange.decide(header, 10)).isEqualTo(ReadDecision.UNSATISFIABLE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "bytes",
                "bytes=",
                "bytes=,",
                "bytes=-",
                "bytes=a-b",
                "bytes=5-4",
                "bytes=1",
                "bytes=1-2-3",
                "bytes=--1",
                "bytes=0-1,3-4",
                "bytes=20-,30-",
                "lines=0-1",
                "0-1",
                "bytes 0-1",
                "bytes=+1-2",
                "bytes=1 -2",
                "bytes=0x1-2",
                "bytes=\u0661-2",
                "bytes=99999999999999999999-99999999999999999998",
                "bytes =0-1",
                "=0-1"
            })
    void everythingElseIsIgnored(String header) {
        assertThat(ByteRange.decide(header, 10)).isEqualTo(ReadDecision.FULL);
    }

    @Test
    void nothingOfAnEmptyRepresentationIsPartial() {
        assertThat(ByteRange.decide("bytes=0-", 0)).isEqualTo(ReadDecision.UNSATISFIABLE);
        assertThat(ByteRange.decide("bytes=0-0", 0)).isEqualTo(ReadDecision.UNSATISFIABLE);
        assertThat(ByteRange.decide("bytes=-0", 0)).isEqualTo(ReadDecision.UNSATISFIABLE);
        assertThat(ByteRange.decide("bytes=-5", 0)).isEqualTo(ReadDecision.FULL);
    }

    @Test
    void rangeNamesItselfAndItsWhole() {
        assertThat(new ByteRange(2, 4).contentRange(10)).isEqualTo("bytes 2-4/10");
        assertThat(new ByteRange(2, 4).length()).isEqualTo(3);
    }
}
