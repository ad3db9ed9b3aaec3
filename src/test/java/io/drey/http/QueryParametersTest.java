// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class QueryParametersTest {
    @Test
    void absentParametersHaveTheirDefaults() {
        for (var query : new String[] {null, "", "&&", "other=1"}) {
            var parameters = new QueryParameters(query);
            assertThat(parameters.text("a")).isEmpty();
            assertThat(parameters.textOr("a", "b")).isEqualTo("b");
            assertThat(parameters.bytes("a")).isNull();
            assertThat(parameters.integer("a", 100, 1, 50)).isEqualTo(100);
            assertThat(parameters.bool("a", true)).isTrue();
            assertThat(parameters.ttlMillis("a", -1)).isEqualTo(-1);
        }
    }

    @Test
    void namesAndValuesAreDecodedOnceAndPlusStaysPlus() {
        var parameters = new QueryParameters("%61=a+b%2B%2541&c%26d=%3D=%26&e=%C3%A9&f=\u00c3\u00a9&g=%00");
        assertThat(parameters.text("a")).hasValue("a+b+%41");
        assertThat(parameters.text("c&d")).hasValue("==&");
        assertThat(parameters.text("e")).hasValue("\u00e9");
        assertThat(parameters.text("f")).hasValue("\u00e9");
        assertThat(parameters.text("g")).hasValue("\u0000");
        assertThat(parameters.bytes("e")).isEqualTo("\u00e9".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void unknownParametersAreIgnoredHoweverMalformed() {
        var parameters = new QueryParameters("x=%zz&%zz=1&%FF=2&x=3&&=&a=1&y");
        assertThat(parameters.text("a")).hasValue("1");
    }

    @Test
    void twiceIsRefusedHoweverTheNameIsWritten() {
        var parameters = new QueryParameters("limit=1&%6Cimit=1");
        refused("limit", () -> parameters.integer("limit", 1, 1, 2));
        refused("a", () -> new QueryParameters("a=&a=").bytes("a"));
    }

    @Test
    void emptyIsRefusedUnlessItMeansAbsent() {
        for (var query : new String[] {"a=", "a", "a=&b=1", "b&a"}) {
            var parameters = new QueryParameters(query);
            refused("a", () -> parameters.text("a"));
            refused("a", () -> parameters.bool("a", true));
            refused("a", () -> parameters.ttlMillis("a", 0));
            assertThat(parameters.bytes("a")).isNull();
            assertThat(parameters.textIfAny("a")).isEmpty();
        }
    }

    @Test
    void malformedEscapesAndBytesThatAreNotUtf8AreRefused() {
        for (var value : new String[] {"%", "%4", "%zz", "%FF", "%C3", "%ED%A0%80", "\u00ff", "\u0141"}) {
            refused("a", () -> new QueryParameters("a=" + value).text("a"));
            refused("a", () -> new QueryParameters("a=" + value + "&b=41").bytes("a"));
        }
    }

    @Test
    void numbersAreBoundedPlainDigits() {
        assertThat(new QueryParameters("a=1000").integer("a", 1, 1, 1000)).isEqualTo(1000);
        assertThat(new QueryParameters("a=-5").integer("a", 1, -5, 5)).isEqualTo(-5);
        assertThat(new QueryParameters("a=9007199254740991").longInteger("a", 1, 1, Long.MAX_VALUE))
                .isEqualTo(9007199254740991L);
        for (var value : new String[] {
            "0", "1001", "+1", "1.0", "1e2", "0x1", "%201", "-", "--1", "99999999999999999999", "%D9%A1", "4294967297"
        }) {
            refused("a", () -> new QueryParameters("a=" + value).integer("a", 1, 1, 1000));
        }
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new QueryParameters("a=0").integer("a", 1, 1, 1000))
                .satisfies(refused -> assertThat(refused.problem().toJson().toString())
                        .contains("\"parameter\":\"a\",\"minimum\":1,\"maximum\":1000"));
    }

    @Test
    void booleansAreFourWords() {
        assertThat(new QueryParameters("a=true").bool("a", false)).isTrue();
        assertThat(new QueryParameters("a=1").bool("a", false)).isTrue();
        assertThat(new QueryParameters("a=false").bool("a", true)).isFalse();
        assertThat(new QueryParameters("a=0").bool("a", true)).isFalse();
        for (var value : new String[] {"TRUE", "yes", "2", "01"}) {
            refused("a", () -> new QueryParameters("a=" + value).bool("a", true));
        }
    }

    @Test
    void durationsAreSeconds() {
        assertThat(new QueryParameters("ttl=0").ttlMillis("ttl", -1)).isZero();
        assertThat(new QueryParameters("ttl=0.5").ttlMillis("ttl", -1)).isEqualTo(500);
        refused("ttl", () -> new QueryParameters("ttl=0.0001").ttlMillis("ttl", -1));
        refused("ttl", () -> new QueryParameters("ttl=NaN").ttlMillis("ttl", -1));
        assertThat(new QueryParameters("wait=60").millis("wait", 0, 0, 60_000)).isEqualTo(60_000);
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new QueryParameters("wait=61").millis("wait", 0, 0, 60_000))
                .withMessageContaining("from 0 to 60.");
    }

    private static void refused(String name, ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class).isThrownBy(call).satisfies(refused -> {
            assertThat(refused.problem().type()).isEqualTo(ProblemType.INVALID_PARAMETER);
            assertThat(refused.problem().toJson().get("parameter").textValue()).isEqualTo(name);
        });
    }
}
