// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import org.junit.jupiter.api.Test;

class JsonMembersTest {
    private static JsonMembers members(String text) throws MalformedJsonException {
        byte[] bytes = ("##" + text + "##").getBytes(UTF_8);
        return JsonMembers.of(bytes, 2, bytes.length - 4, 500);
    }

    private static String raw(JsonMembers members, String name) {
        return new String(members.raw(name), UTF_8);
    }

    @Test
    void valuesKeepTheirBytes() throws MalformedJsonException {
        var members =
                members(" { \"n\" : 1.50e+3 ,\"s\":\"\u00e9\\u0041\ud83d\ude00\", \"\\u00e9\":[ 1 , {\"n\":2} ]\n,"
                        + "\"o\":{ \"x\" : { } } , \"t\":true,\"z\":null,\"last\":-0}\r\n");
        assertThat(members.names()).containsExactly("n", "s", "\u00e9", "o", "t", "z", "last");
        assertThat(raw(members, "n")).isEqualTo("1.50e+3");
        assertThat(raw(members, "s")).isEqualTo("\"\u00e9\\u0041\ud83d\ude00\"");
        assertThat(raw(members, "\u00e9")).isEqualTo("[ 1 , {\"n\":2} ]");
        assertThat(raw(members, "o")).isEqualTo("{ \"x\" : { } }");
        assertThat(raw(members, "last")).isEqualTo("-0");
        assertThat(members.names().stream().map(members::typeOf))
                .containsExactly("number", "string", "array", "object", "boolean", "null", "number");
        assertThat(members.node("s").textValue()).isEqualTo("\u00e9A\ud83d\ude00");
        assertThat(members.has("x")).isFalse();
        assertThat(members.raw("x")).isNull();
        assertThat(members.node("x")).isNull();
        assertThat(members.typeOf("x")).isNull();
    }

    @Test
    void whatIsNoObjectIsRefused() {
        assertThatThrownBy(() -> members(" [1]")).hasMessage("expected an object, found array");
        assertThatThrownBy(() -> members("12")).hasMessage("expected an object, found number");
        assertThatThrownBy(() -> members("\"a\"")).hasMessage("expected an object, found string");
        assertThatThrownBy(() -> members("{\"a\":1,\"a\":2}")).hasMessage("duplicate member \"a\"");
        assertThatThrownBy(() -> members("{\"a\":{\"b\":1,\"b\":2}}")).hasMessage("duplicate member \"b\"");
        assertThatThrownBy(() -> members("{\"a\":1} x")).isInstanceOf(MalformedJsonException.class);
        assertThatThrownBy(() -> members("")).isInstanceOf(MalformedJsonException.class);
    }

    @Test
    void elementsOfABatchKeepTheBytesOfTheirValues() throws MalformedJsonException {
        var batch = members("{\"atomic\":true,\"operations\": [ {\"op\":\"put\",\"value\": [1.0, \"\u20ac\"] } ,\n"
                + "{\"op\":\"get\"},{\"value\":1e5}]}");
        var operations = batch.objects("operations");
        assertThat(operations).hasSize(3);
        assertThat(raw(operations.get(0), "value")).isEqualTo("[1.0, \"\u20ac\"]");
        assertThat(raw(operations.get(2), "value")).isEqualTo("1e5");
        assertThat(batch.elements("operations").get(1)).hasToString("{\"op\":\"get\"}");
        assertThat(members("{\"a\":[]}").elements("a")).isEmpty();
    }

    @Test
    void arraysThatAreNotWhatWasExpectedAreRefused() throws MalformedJsonException {
        var batch = members("{\"a\":{},\"b\":[{},[]]}");
        assertThatThrownBy(() -> batch.elements("a")).hasMessage("member \"a\": expected an array, found object");
        assertThatThrownBy(() -> batch.elements("c")).hasMessage("member \"c\" is missing");
        assertThatThrownBy(() -> batch.objects("b")).hasMessage("element 1 of \"b\": expected an object, found array");
    }

    /** Builds an object of random values and finds every one of them again, byte for byte. */
    @Test
    void randomValuesAreFoundByteForByte() throws MalformedJsonException {
        var source = new RandomJson("randomValuesAreFoundByteForByte");
        for (int i = 0; i < 3_000; i++) {
            var expected = new LinkedHashMap<String, String>();
            var elements = new ArrayList<String>();
            var text = new StringBuilder("{");
            var array = new StringBuilder("[");
            for (int member = source.random.nextInt(6); member >= 0; member--) {
                String value = acceptable(source);
                expected.put("m" + member, value.strip());
                text.append("\"m").append(member).append("\":").append(value).append(',');
                elements.add(value.strip());
                array.append(elements.size() == 1 ? "" : ",").append(value);
            }
            var members = members(text + "\"all\":" + array + "]}");
            for (var member : expected.entrySet()) {
                assertThat(raw(members, member.getKey())).isEqualTo(member.getValue());
                assertThat(Json.sameText(members.node(member.getKey()), JsonTest.json(member.getValue())))
                        .isTrue();
            }
            assertThat(members.elements("all").stream().map(Object::toString)).containsExactlyElementsOf(elements);
        }
    }

    private static String acceptable(RandomJson source) {
        while (true) {
            byte[] bytes = source.text();
            try {
                JsonChecker.check(bytes, 400);
                return new String(bytes, UTF_8);
            } catch (MalformedJsonException duplicate) {
                continue;
            }
        }
    }
}
