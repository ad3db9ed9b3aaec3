// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.model.MediaType;
import org.junit.jupiter.api.Test;

class AcceptTest {
    @Test
    void typeIsAcceptedOnlyByItsName() {
        assertThat(Accept.names("application/x-ndjson", MediaType.NDJSON)).isTrue();
        assertThat(Accept.names("text/plain, Application/X-NDJSON ;q=0.1", MediaType.NDJSON))
                .isTrue();
        assertThat(Accept.names("a/b;x=\"application/x-ndjson,\"", MediaType.NDJSON))
                .isFalse();
        for (var accept : new String[] {
            null,
            "",
            "*/*",
            "application/*",
            "application/json",
            "application/x-ndjson;q=0",
            "application/x-ndjson; q=0.000",
            "application/x-ndjson;q=x",
            "application/x-ndjson;q=2",
            "application/x-ndjson;q=-1",
            "application/x-ndjsonx"
        }) {
            assertThat(Accept.names(accept, MediaType.NDJSON)).as(accept).isFalse();
        }
    }

    @Test
    void preferenceGoesByWeight() {
        assertThat(Accept.prefers("application/x-ndjson, */*", MediaType.NDJSON, MediaType.JSON))
                .isTrue();
        assertThat(Accept.prefers("application/x-ndjson;q=0.5, */*", MediaType.NDJSON, MediaType.JSON))
                .isTrue();
        assertThat(Accept.prefers("application/json, application/x-ndjson", MediaType.NDJSON, MediaType.JSON))
                .isTrue();
        assertThat(Accept.prefers("application/json, application/x-ndjson;q=0.9", MediaType.NDJSON, MediaType.JSON))
                .isFalse();
        assertThat(Accept.prefers("*/*", MediaType.NDJSON, MediaType.JSON)).isFalse();
        assertThat(Accept.prefers(null, MediaType.NDJSON, MediaType.JSON)).isFalse();
    }
}
