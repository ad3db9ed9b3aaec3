// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.MultiMap;
import org.junit.jupiter.api.Test;

class ReadConditionsTest {
    private static final long VERSION = 5;
    private static final long SIZE = 10;
    private static final long MODIFIED = 784_111_777_500L;
    private static final long NOW = MODIFIED + 60_000;
    private static final String DATE = "Sun, 06 Nov 1994 08:49:37 GMT";
    private static final String EARLIER = "Sun, 06 Nov 1994 08:49:36 GMT";
    private static final String LATER = "Sun, 06 Nov 1994 08:49:38 GMT";
    private static final ReadDecision FIRST_TWO = new ReadDecision.Partial(new ByteRange(0, 1));

    @Test
    void withoutConditionsTheWholeIsRead() {
        assertThat(read()).isEqualTo(ReadDecision.FULL);
        assertThat(read("Accept", "*/*", "If-Range", "\"4\"")).isEqualTo(ReadDecision.FULL);
        assertThat(conditions(false, "If-Range", "\"4\"").areNone()).isTrue();
    }

    @Test
    void ifMatchComparesStrongly() {
        assertThat(read("If-Match", "\"5\"")).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-Match", "*")).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-Match", "\"4\"")).isEqualTo(ReadDecision.FAILED);
        assertThat(read("If-Match", "W/\"5\"")).isEqualTo(ReadDecision.FAILED);
        assertThat(read("If-Match", "\"4\"", "If-Match", "\"5\"")).isEqualTo(ReadDecision.FULL);
    }

    @Test
    void ifNoneMatchComparesWeakly() {
        assertThat(read("If-None-Match", "\"4\"")).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-None-Match", "\"5\"")).isEqualTo(ReadDecision.NOT_MODIFIED);
        assertThat(read("If-None-Match", "W/\"5\"")).isEqualTo(ReadDecision.NOT_MODIFIED);
        assertThat(read("If-None-Match", "*")).isEqualTo(ReadDecision.NOT_MODIFIED);
    }

    @Test
    void datesCompareInWholeSeconds() {
        assertThat(read("If-Modified-Since", DATE)).isEqualTo(ReadDecision.NOT_MODIFIED);
        assertThat(read("If-Modified-Since", LATER)).isEqualTo(ReadDecision.NOT_MODIFIED);
        assertThat(read("If-Modified-Since", EARLIER)).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-Unmodified-Since", DATE)).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-Unmodified-Since", LATER)).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-Unmodified-Since", EARLIER)).isEqualTo(ReadDecision.FAILED);
    }

    @Test
    void whatIsNoDateIsIgnored() {
        assertThat(read("If-Modified-Since", "yesterday")).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-Unmodified-Since", "0")).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-Modified-Since", DATE, "If-Modified-Since", DATE)).isEqualTo(ReadDecision.FULL);
    }

    @Test
    void tagsGoBeforeDates() {
        assertThat(read("If-Match", "\"5\"", "If-Unmodified-Since", EARLIER)).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-None-Match", "\"4\"", "If-Modified-Since", DATE)).isEqualTo(ReadDecision.FULL);
        assertThat(read("If-None-Match", "\"5\"", "If-Modified-Since", EARLIER)).isEqualTo(ReadDecision.NOT_MODIFIED);
    }

    @Test
    void orderIsMatchThenNoneMatchThenRange() {
        assertThat(read("If-Match", "\"4\"", "If-None-Match", "\"5\"", "Range", "bytes=99-"))
                .isEqualTo(ReadDecision.FAILED);
        assertThat(read("If-None-Match", "\"5\"", "Range", "bytes=99-")).isEqualTo(ReadDecision.NOT_MODIFIED);
        assertThat(read("If-Match", "\"5\"", "Range", "bytes=99-")).isEqualTo(ReadDecision.UNSATISFIABLE);
        assertThat(read("If-Match", "\"5\"", "Range", "bytes=0-1")).isEqualTo(FIRST_TWO);
    }

    @Test
    void ifRangeTakesOnlyTheExactStrongTag() {
        assertThat(read("Range", "bytes=0-1", "If-Range", "\"5\"")).isEqualTo(FIRST_TWO);
        for (var other : new String[] {"\"4\"", "W/\"5\"", "*", "5", "", "\"5\", \"6\""}) {
            assertThat(read("Range", "bytes=0-1", "If-Range", other)).as(other).isEqualTo(ReadDecision.FULL);
            assertThat(read("Range", "bytes=99-", "If-Range", other)).as(other).isEqualTo(ReadDecision.FULL);
        }
    }

    @Test
    void ifRangeTakesOnlyTheExactDateOnceItIsStrong() {
        assertThat(read("Range", "bytes=0-1", "If-Range", DATE)).isEqualTo(FIRST_TWO);
        assertThat(read("Range", "bytes=0-1", "If-Range", EARLIER)).isEqualTo(ReadDecision.FULL);
        assertThat(read("Range", "bytes=0-1", "If-Range", LATER)).isEqualTo(ReadDecision.FULL);
        var conditions = conditions(false, "Range", "bytes=0-1", "If-Range", DATE);
        assertThat(conditions.evaluate(VERSION, MODIFIED, SIZE, MODIFIED + 499)).isEqualTo(ReadDecision.FULL);
        assertThat(conditions.evaluate(VERSION, MODIFIED, SIZE, MODIFIED + 500)).isEqualTo(FIRST_TWO);
    }

    @Test
    void rangeMeansNothingForHead() {
        var conditions = conditions(true, "Range", "bytes=99-");
        assertThat(conditions.hasRange()).isFalse();
        assertThat(conditions.evaluate(VERSION, MODIFIED, SIZE)).isEqualTo(ReadDecision.FULL);
        assertThat(conditions(true, "If-None-Match", "*").evaluate(VERSION, MODIFIED, SIZE))
                .isEqualTo(ReadDecision.NOT_MODIFIED);
    }

    @Test
    void severalRangesAreAnsweredByTheWhole() {
        assertThat(read("Range", "bytes=0-1,3-4")).isEqualTo(ReadDecision.FULL);
        assertThat(read("Range", "bytes=0-1", "Range", "bytes=3-4")).isEqualTo(ReadDecision.FULL);
    }

    @Test
    void malformedTagsAreRefused() {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("If-Match", "5"));
        assertThatExceptionOfType(ProblemException.class).isThrownBy(() -> read("If-None-Match", ""));
    }

    private static ReadDecision read(String... headers) {
        return conditions(false, headers).evaluate(VERSION, MODIFIED, SIZE, NOW);
    }

    private static ReadConditions conditions(boolean head, String... headers) {
        var map = MultiMap.caseInsensitiveMultiMap();
        for (int index = 0; index < headers.length; index += 2) {
            map.add(headers[index], headers[index + 1]);
        }
        return ReadConditions.of(map, head);
    }
}
