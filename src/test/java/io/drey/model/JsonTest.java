// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
    static JsonNode json(String text) {
        try {
            return Json.parse(text.getBytes(UTF_8), 500);
        } catch (MalformedJsonException e) {
            throw new AssertionError(text + ": " + e.getMessage(), e);
        }
    }

    static String written(JsonNode node) {
        return new String(Json.write(node), UTF_8);
    }

    private static MalformedJsonException refusal(byte[] bytes, int depthMax) {
        var streamed = catchThrowableOfType(MalformedJsonException.class, () -> JsonChecker.check(bytes, depthMax));
        var parsed = catchThrowableOfType(MalformedJsonException.class, () -> Json.parse(bytes, depthMax));
        assertThat(parsed).as(new String(bytes, ISO_8859_1)).isNotNull();
        assertThat(streamed).hasMessage(parsed.getMessage());
        assertThat(streamed.offset()).isEqualTo(parsed.offset());
        return parsed;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "\n",
                "nul",
                "nulll",
                "True",
                "NaN",
                "Infinity",
                "-Infinity",
                "+1",
                "01",
                "-01",
                "00",
                "1.",
                ".5",
                "-",
                "-a",
                "1e",
                "1e+",
                "1.e5",
                "0x10",
                "1_000",
                "'a'",
                "\"a",
                "\"\\x\"",
                "\"\\u12\"",
                "\"\\u12g4\"",
                "\"\t\"",
                "\"\n\"",
                "\"\u0000\"",
                "[",
                "]",
                "[1",
                "[1,",
                "[1,]",
                "[,1]",
                "[1 2]",
                "[1}",
                "{",
                "}",
                "{]",
                "{\"a\"}",
                "{\"a\":}",
                "{\"a\":1,}",
                "{,}",
                "{a:1}",
                "{1:1}",
                "{\"a\" 1}",
                "{\"a\":1 \"b\":2}",
                "{\"a\"::1}",
                "1 2",
                "{}{}",
                "[] x",
                "1,",
                "// c\n1",
                "/* c */1",
                "1#",
                "\u00a01",
                "\u20281",
                "\f1",
                "true false",
                "\"a\"\"b\"",
                "[\"\\",
                "{\"a\\",
                "tru",
                "[truefalse]",
                "[1-2]",
                "--1"
            })
    void textsThatAreNoJsonAreRefused(String text) {
        refusal(text.getBytes(UTF_8), 500);
    }

    @Test
    void bytesThatAreNoUtf8AreRefused() {
        for (String hex : List.of(
                "80",
                "BF",
                "C0AF",
                "C1BF",
                "C3",
                "C328",
                "E08080",
                "E09FBF",
                "E282",
                "E28228",
                "EDA080",
                "EDBFBF",
                "EDA080EDB080",
                "F0808080",
                "F08FBFBF",
                "F09F98",
                "F4908080",
                "F5808080",
                "F888808080",
                "FE",
                "FF")) {
            byte[] inside = ("\"" + new String(bytes(hex), ISO_8859_1) + "\"").getBytes(ISO_8859_1);
            assertThat(refusal(inside, 500)).hasMessageContaining("UTF-8");
            byte[] name = ("{\"" + new String(bytes(hex), ISO_8859_1) + "\":1}").getBytes(ISO_8859_1);
            assertThat(refusal(name, 500)).hasMessageContaining("UTF-8");
        }
        for (String hex : List.of("C280", "DFBF", "E0A080", "ED9FBF", "EE8080", "EFBFBF", "F0908080", "F48FBFBF")) {
            byte[] inside = ("\"" + new String(bytes(hex), ISO_8859_1) + "\"").getBytes(ISO_8859_1);
            assertThat(Json.write(json(new String(inside, UTF_8)))).isEqualTo(inside);
        }
    }

    @Test
    void otherEncodingsAndByteOrderMarksAreRefused() {
        assertThat(refusal(bytes("EFBBBF31"), 5)).hasMessage("a byte order mark is not allowed");
        refusal("1".getBytes(UTF_16BE), 5);
        refusal("[1]".getBytes(UTF_16LE), 5);
        refusal("\ufeff[1]".getBytes(UTF_16LE), 5);
        refusal(bytes("0000003100000032"), 5);
    }

    @Test
    void duplicateMembersAreRefusedAtAnyLevelHoweverWritten() {
        assertThat(refusal("{\"a\":1,\"b\":2,\"a\":3}".getBytes(UTF_8), 5))
                .hasMessage("duplicate member \"a\"")
                .returns(13L, MalformedJsonException::offset);
        refusal("[{\"x\":[{\"\":1,\"\":2}]}]".getBytes(UTF_8), 5);
        refusal("{\"a\":1,\"\\u0061\":2}".getBytes(UTF_8), 5);
        refusal("{\"\ud83d\ude00\":1,\"\\uD83D\\uDE00\":2}".getBytes(UTF_8), 5);
        refusal("{\"\\ud800\":1,\"\\uD800\":2}".getBytes(UTF_8), 5);
        json("{\"a\":{\"a\":{\"a\":1}},\"b\":[{\"a\":1},{\"a\":1}]}");
    }

    @Test
    void manyNamesAreToldApart() {
        var text = new StringBuilder("{");
        for (int i = 0; i < 20_000; i++) {
            text.append("\"n").append(i).append("\":").append(i).append(',');
        }
        String open = text.toString();
        assertThat(json(open + "\"z\":0}").size()).isEqualTo(20_001);
        assertThat(refusal((open + "\"n777\":0}").getBytes(UTF_8), 5)).hasMessage("duplicate member \"n777\"");
    }

    @Test
    void messagesNeverCarryRawControlsAndStayShort() {
        String name = "\\u0007\\ud800" + "x".repeat(5_000);
        assertThat(refusal(("{\"" + name + "\":1,\"" + name + "\":1}").getBytes(UTF_8), 5))
                .hasMessageStartingWith("duplicate member \"\\u0007\\ud800xx")
                .hasMessageEndingWith("x\u2026\"");
    }

    @Test
    void nestingOverTheLimitIsRefusedNamingIt() {
        String at = "[".repeat(500) + "]".repeat(500);
        assertThat(Json.depth(json(at))).isEqualTo(500);
        assertThat(refusal(("[" + at + "]").getBytes(UTF_8), 500)).hasMessage("nested deeper than 500 levels");
        refusal("{\"a\":{}}".getBytes(UTF_8), 1);
        refusal("[]".getBytes(UTF_8), 0);
        refusal("[".repeat(1_000_000).getBytes(UTF_8), 500);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-0",
                "1.0",
                "1e5",
                "1E+05",
                "-0.0e-0",
                "1e99999999999",
                "-1E-99999999999999999999999",
                "0.10",
                "[1,-0,2.50]",
                "{\"b\":1,\"a\":1e2}",
                "null",
                "true",
                "\"\"",
                "[]",
                "{}",
                "\"\\ud800\"",
                "\"\\udfff\\ud800x\"",
                "\"\ud83d\ude00\"",
                "\"\\u0000\\b\\f\\n\\r\\t\\\"\\\\/\"",
                "{\"\\ud800\":\"\u007f\"}"
            })
    void textComesBackAsItStood(String text) {
        assertThat(written(json(text))).isEqualTo(text);
    }

    @Test
    void hugeNumbersAndStringsAreKept() throws IOException {
        String digits = "7".repeat(3_000_000);
        assertThat(written(json(digits))).isEqualTo(digits);
        String string = "\"" + "s".repeat(25_000_000) + "\"";
        assertThat(written(json(string))).isEqualTo(string);
        assertThat(Json.mapper().writeValueAsString(json("[1e99999999999,1.00]")))
                .isEqualTo("[1e99999999999,1.00]");
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1.0",
        "1, 10e-1",
        "100, 1e2",
        "0, -0",
        "0, 0e999999999999999999999",
        "0.00, 0",
        "1.50, 15E-1",
        "1e100000000000000000, 10e99999999999999999",
        "1e99999999999999999999, 0.1e100000000000000000000",
        "1e-100000000000000000, 0.1e-99999999999999999",
        "1000e-1000000000000000000000, 1e-999999999999999999997",
        "1e+5, 1e00000000000000000000000005",
        "-120, -1.2e2",
        "0.001, 1e-3"
    })
    void numbersOfTheSameExactValueAreTheSame(String a, String b) {
        assertThat(Json.sameValue(json(a), json(b))).isTrue();
        assertThat(Json.sameValue(json(b), json(a))).isTrue();
        assertThat(Json.sameText(json(a), json(b))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2",
        "1, -1",
        "1, 10",
        "0.1, 0.01",
        "1e99999999999, 1e99999999998",
        "9007199254740993, 9007199254740992",
        "1e99999999999999999999, 1e-99999999999999999999",
        "0.1, 0.1000000000000000055511151231257827",
        "1, true",
        "1e100000000000000000000, 1e100000000000000000001",
        "0, 1e-999999999999999999999",
        "0, null"
    })
    void numbersOfDifferentValueDiffer(String a, String b) {
        assertThat(Json.sameValue(json(a), json(b))).isFalse();
    }

    @Test
    void sameNumberAgreesWithBigDecimal() {
        var random = new RandomJson("sameNumberAgreesWithBigDecimal").random;
        for (int i = 0; i < 20_000; i++) {
            String a = smallNumber(random);
            String b = smallNumber(random);
            assertThat(Json.sameValue(json(a), json(b)))
                    .as(a + " " + b)
                    .isEqualTo(new BigDecimal(a).compareTo(new BigDecimal(b)) == 0);
        }
    }

    private static String smallNumber(Random random) {
        return (random.nextBoolean() ? "-" : "")
                + List.of("0", "1", "10", "100").get(random.nextInt(4))
                + List.of("", ".0", ".1", ".10", ".01", ".001").get(random.nextInt(6))
                + List.of("", "e0", "e1", "E-1", "e+2", "e-02").get(random.nextInt(6));
    }

    @Test
    void membersMayComeInAnyOrderForTheValueButNotForTheText() {
        var a = json("{\"a\":[1,{\"x\":null}],\"b\":2}");
        var b = json("{\"b\":2.0,\"a\":[1.0,{\"x\":null}]}");
        assertThat(Json.sameValue(a, b)).isTrue();
        assertThat(Json.sameText(a, b)).isFalse();
        assertThat(Json.sameText(a, json("{ \"a\":[1,{\"x\":null}], \"b\":2 }")))
                .isTrue();
        assertThat(Json.sameText(a, json("{\"b\":2,\"a\":[1,{\"x\":null}]}"))).isFalse();
        assertThat(Json.sameValue(json("[1,2]"), json("[2,1]"))).isFalse();
        assertThat(Json.sameValue(json("{\"a\":null}"), json("{\"b\":null}"))).isFalse();
        assertThat(Json.sameValue(json("{\"a\":null}"), json("{}"))).isFalse();
        assertThat(Json.sameValue(json("\"1\""), json("1"))).isFalse();
        assertThat(Json.sameValue(null, NullNode.getInstance())).isTrue();
    }

    @Test
    void nodesOfOtherMakersAreNumbersToo() {
        assertThat(Json.sameValue(IntNode.valueOf(10), json("1e1"))).isTrue();
        assertThat(Json.sameValue(DoubleNode.valueOf(1e10), json("10000000000")))
                .isTrue();
        assertThat(written(DoubleNode.valueOf(1e10))).isEqualTo("1.0E10");
        assertThatThrownBy(() -> Json.write(DoubleNode.valueOf(Double.NaN)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(Json.sameValue(DoubleNode.valueOf(Double.NaN), json("1"))).isFalse();
    }

    @Test
    void decimalsAreWrittenPlainly() {
        assertThat(written(Json.number(new BigDecimal("3E+3")))).isEqualTo("3000");
        assertThat(written(Json.number(new BigDecimal("3.0")))).isEqualTo("3");
        assertThat(written(Json.number(new BigDecimal("0.000")))).isEqualTo("0");
        assertThat(written(Json.number(new BigDecimal("1.50E-3")))).isEqualTo("0.0015");
        assertThat(written(Json.number(new BigDecimal("0.1").add(new BigDecimal("0.2")))))
                .isEqualTo("0.3");
    }

    @Test
    void conversionsOfNumbersNeverExpandAnExponent() {
        var enormous = json("-1e99999999999");
        assertThat(enormous.longValue()).isEqualTo(Long.MIN_VALUE);
        assertThat(enormous.intValue()).isEqualTo(Integer.MIN_VALUE);
        assertThat(enormous.doubleValue()).isEqualTo(Double.NEGATIVE_INFINITY);
        assertThat(enormous.canConvertToLong()).isFalse();
        assertThatThrownBy(enormous::decimalValue).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(enormous::bigIntegerValue).isInstanceOf(ArithmeticException.class);
        assertThat(json("1e-99999999999").longValue()).isZero();
        assertThat(json("-12.9e1").longValue()).isEqualTo(-129);
        assertThat(json("9223372036854775807").longValue()).isEqualTo(Long.MAX_VALUE);
        assertThat(json("9223372036854775808").canConvertToLong()).isFalse();
        assertThat(json("1.0").isIntegralNumber()).isFalse();
        assertThat(json("1.0").canConvertToExactIntegral()).isTrue();
        assertThat(json("1.5").canConvertToExactIntegral()).isFalse();
        assertThat(json("2").isInt()).isTrue();
        assertThat(json("3000000000").isLong()).isTrue();
        assertThat(json("2.5").decimalValue()).isEqualTo(new BigDecimal("2.5"));
    }

    @Test
    void typesAndDepthsAreTold() {
        assertThat(List.of("null", "true", "1", "\"\"", "[]", "{}").stream().map(text -> Json.typeOf(json(text))))
                .containsExactly("null", "boolean", "number", "string", "array", "object");
        assertThat(Json.typeOf(null)).isEqualTo("null");
        assertThat(Json.depth(TextNode.valueOf(""))).isZero();
        assertThat(Json.depth(json("[]"))).isEqualTo(1);
        assertThat(Json.depth(json("[1,{\"a\":[]},[]]"))).isEqualTo(3);
    }

    @Test
    void aPartOfAnArrayIsReadAlone() throws MalformedJsonException {
        byte[] bytes = "xx[\"\\u0041\u00e9\", 12]yy".getBytes(UTF_8);
        assertThat(written(Json.parse(bytes, 2, bytes.length - 4, 5))).isEqualTo("[\"A\u00e9\",12]");
    }

    /** Texts, whole and damaged, are accepted exactly when Jackson's reader of decoded text accepts them. */
    @Test
    void acceptsWhatJacksonAcceptsInStrictMode() throws Exception {
        var source = new RandomJson("acceptsWhatJacksonAcceptsInStrictMode");
        var factory = JsonFactory.builder().build().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        int accepted = 0;
        for (int i = 0; i < 40_000; i++) {
            byte[] bytes = i % 4 == 0 ? source.text() : source.damaged();
            boolean expected = jacksonAccepts(factory, bytes);
            if (!expected) {
                refusal(bytes, 500);
                continue;
            }
            accepted++;
            JsonChecker.check(bytes, 500);
            var node = Json.parse(bytes, 500);
            var again = Json.parse(Json.write(node), 500);
            assertThat(Json.sameText(node, again)).isTrue();
            assertThat(again).isEqualTo(node);
            if (i % 4 != 0) {
                continue; // Damage makes exponents that Jackson's trees cannot hold.
            }
            var plain = Json.mapper().readTree(new String(bytes, UTF_8));
            assertThat(Json.sameValue(node, plain)).as(new String(bytes, UTF_8)).isTrue();
        }
        assertThat(accepted).isGreaterThan(5_000);
    }

    private static boolean jacksonAccepts(JsonFactory factory, byte[] bytes) throws IOException {
        String text;
        try {
            text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException notUtf8) {
            return false;
        }
        try (var parser = factory.createParser(text)) {
            if (parser.nextToken() == null) {
                return false;
            }
            if (parser.currentToken().isStructStart()) {
                parser.skipChildren();
            } else {
                parser.getText();
            }
            return parser.nextToken() == null;
        } catch (JsonProcessingException malformed) {
            return false;
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }
}
