// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
    /** The table of RFC 7396, appendix A. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "{\"a\":\"b\"};{\"a\":\"c\"};{\"a\":\"c\"}",
                "{\"a\":\"b\"};{\"b\":\"c\"};{\"a\":\"b\",\"b\":\"c\"}",
                "{\"a\":\"b\"};{\"a\":null};{}",
                "{\"a\":\"b\",\"b\":\"c\"};{\"a\":null};{\"b\":\"c\"}",
                "{\"a\":[\"b\"]};{\"a\":\"c\"};{\"a\":\"c\"}",
                "{\"a\":\"c\"};{\"a\":[\"b\"]};{\"a\":[\"b\"]}",
                "{\"a\":{\"b\":\"c\"}};{\"a\":{\"b\":\"d\",\"c\":null}};{\"a\":{\"b\":\"d\"}}",
                "{\"a\":[{\"b\":\"c\"}]};{\"a\":[1]};{\"a\":[1]}",
                "[\"a\",\"b\"];[\"c\",\"d\"];[\"c\",\"d\"]",
                "{\"a\":\"b\"};[\"c\"];[\"c\"]",
                "{\"a\":\"foo\"};null;null",
                "{\"a\":\"foo\"};\"bar\";\"bar\"",
                "{\"e\":null};{\"a\":1};{\"e\":null,\"a\":1}",
                "[1,2];{\"a\":\"b\",\"c\":null};{\"a\":\"b\"}",
                "{};{\"a\":{\"bb\":{\"ccc\":null}}};{\"a\":{\"bb\":{}}}",
                "{\"a\":1.0,\"b\":1e5};{\"c\":1};{\"a\":1.0,\"b\":1e5,\"c\":1}"
            })
    void patchesAsTheRfcSays(String target, String patch, String result) {
        var before = JsonTest.json(target);
        var change = JsonTest.json(patch);
        assertThat(JsonTest.written(MergePatch.apply(before, change))).isEqualTo(result);
        assertThat(JsonTest.written(before)).isEqualTo(target);
        assertThat(JsonTest.written(change)).isEqualTo(patch);
    }

    @Test
    void anAbsentTargetIsAnEmptyObject() {
        assertThat(JsonTest.written(MergePatch.apply(null, JsonTest.json("{\"a\":{\"b\":null,\"c\":1}}"))))
                .isEqualTo("{\"a\":{\"c\":1}}");
    }
}
