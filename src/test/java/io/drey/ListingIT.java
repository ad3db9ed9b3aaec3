// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.contract.CheckedClient;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pages of records in the order of their keys. */
class ListingIT {
    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String records = NODE.store() + "/records";

    @Test
    void itemsTellWhatTheRecordIs() {
        var put = client.put(records + "/k?ttl=100", "{}", "application/json");
        var item = client.get(records).json().get("items").get(0);
        assertThat(names(item))
                .containsExactly("key", "size", "contentType", "version", "createdAt", "modifiedAt", "expiresAt");
        assertThat(item.get("key").asText()).isEqualTo("k");
        assertThat(item.get("size").asInt()).isEqualTo(2);
        assertThat(item.get("version").asLong()).isEqualTo(put.version());
        assertThat(item.get("createdAt").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        client.put(records + "/k?ttl=0", "[1]", "application/json");
        var replaced = client.get(records).json().get("items").get(0);
        assertThat(replaced.get("createdAt")).isEqualTo(item.get("createdAt"));
        assertThat(replaced.get("expiresAt").isNull()).isTrue();
    }

    @Test
    void keysComeInTheOrderOfTheirBytes() {
        var encoded =
                List.of("%00", "%20", "+", "A", "B", "a", "a%00", "a%2F", "aa", "%C3%A9", "%EF%BF%BD", "%F0%9F%90%BF");
        for (int i = encoded.size() - 1; i >= 0; i--) {
            client.put(records + "/" + encoded.get(i), Integer.toString(i), "application/json");
        }
        var values = new ArrayList<Integer>();
        client.get(records + "?values=1")
                .json()
                .get("items")
                .forEach(item -> values.add(item.get("value").asInt()));
        assertThat(values).isSorted().hasSize(encoded.size());
    }

    @Test
    void pagesTogetherHoldEachKeyOnce() {
        fill(25);
        var seen = new ArrayList<String>();
        var after = "";
        for (int page = 0; page < 4; page++) {
            var reply = client.get(records + "?limit=7&after=" + after).json();
            seen.addAll(keys(reply));
            assertThat(reply.get("next").isNull()).isEqualTo(page == 3);
            after = reply.get("next").asText();
        }
        assertThat(seen).hasSize(25).isSorted().doesNotHaveDuplicates();
        assertThat(keys(client.get(records + "?after=k10x").json()))
                .startsWith("k11")
                .hasSize(14);
        assertThat(keys(client.get(records + "?prefix=k1").json())).hasSize(10);
        assertThat(keys(client.get(records + "?prefix=k1&after=k14").json())).hasSize(5);
        assertThat(keys(client.get(records + "?prefix=k1&after=a").json())).hasSize(10);
        assertThat(keys(client.get(records + "?prefix=k1&after=z").json())).isEmpty();
        assertThat(keys(client.get(records + "?prefix=").json())).hasSize(25);
        assertThat(client.get(records + "?limit=25").json().get("next").isNull())
                .isTrue();
    }

    @Test
    void stableKeysAppearOnceWhileOthersComeAndGo() throws Exception {
        fill(60);
        var stop = new AtomicBoolean();
        var churn = new Thread(() -> {
            for (int i = 0; !stop.get(); i++) {
                client.put(records + "/k" + i % 60 + "x", "1", "application/json");
                client.delete(records + "/k" + (i + 30) % 60 + "x");
            }
        });
        churn.start();
        try {
            for (int round = 0; round < 10; round++) {
                var seen = new ArrayList<String>();
                var query = "?limit=7";
                while (query != null) {
                    var reply = client.get(records + query).json();
                    seen.addAll(keys(reply));
                    query = reply.get("next").isNull()
                            ? null
                            : "?limit=7&after=" + reply.get("next").asText();
                }
                assertThat(seen).isSorted().doesNotHaveDuplicates();
                assertThat(seen.stream().filter(key -> !key.endsWith("x"))).hasSize(60);
            }
        } finally {
            stop.set(true);
            churn.join();
        }
    }

    @Test
    void delimiterFoldsWhatFollows() {
        for (var key : List.of("a", "d%2F1", "d%2F2", "d%2Fe%2F3", "f%2F", "g")) {
            client.put(records + "/" + key, "1", "application/json");
        }
        var top = client.get(records + "?delimiter=%2F").json();
        assertThat(keys(top)).containsExactly("a", "g");
        assertThat(texts(top.get("prefixes"))).containsExactly("d/", "f/");
        var below = client.get(records + "?delimiter=/&prefix=d/").json();
        assertThat(keys(below)).containsExactly("d/1", "d/2");
        assertThat(texts(below.get("prefixes"))).containsExactly("d/e/");
        assertThat(client.get(records).json().get("prefixes")).isEmpty();
        assertThat(client.get(records + "?delimiter=").json().get("items")).hasSize(6);
        var seen = new ArrayList<String>();
        var query = "";
        for (int page = 0; page < 4; page++) {
            var reply = client.get(records + "?delimiter=/&limit=1" + query).json();
            assertThat(reply.get("items").size() + reply.get("prefixes").size()).isEqualTo(1);
            seen.addAll(keys(reply));
            seen.addAll(texts(reply.get("prefixes")));
            query = "&after=" + reply.get("next").asText();
            assertThat(reply.get("next").isNull()).isEqualTo(page == 3);
        }
        assertThat(seen).containsExactly("a", "d/", "f/", "g");
    }

    @Test
    void valuesComeOnlyWhenAskedFor() {
        var large = "\"" + "x".repeat(100_000) + "\"";
        client.put(records + "/a", "{ \"n\": 1.50 }", "application/json");
        client.put(records + "/b", "AB", "text/plain");
        client.put(records + "/c", large, "application/json");
        var reply = client.get(records + "?values=true");
        assertThat(reply.text()).contains("\"value\":{ \"n\": 1.50 }");
        var items = reply.json().get("items");
        assertThat(items.get(1).get("base64").asText()).isEqualTo("QUI=");
        assertThat(items.get(1).has("value")).isFalse();
        assertThat(items.get(2).get("value").asText()).hasSize(100_000);
        for (var query : List.of("", "?values=false", "?values=0")) {
            client.get(records + query).json().get("items").forEach(item -> assertThat(
                            item.has("value") || item.has("base64"))
                    .isFalse());
        }
    }

    @Test
    void pageOfLargeValuesEndsEarlierButHasOne() {
        var large = ("\"" + "x".repeat(9 << 20) + "\"").getBytes(StandardCharsets.US_ASCII);
        for (var key : List.of("a", "b", "c")) {
            client.put(records + "/" + key, large, "application/json");
        }
        var huge = ("\"" + "x".repeat(17 << 20) + "\"").getBytes(StandardCharsets.US_ASCII);
        client.put(records + "/d", huge, "application/json");
        var seen = new ArrayList<String>();
        var query = "?values=true";
        while (query != null) {
            var reply = client.get(records + query).json();
            assertThat(reply.get("items")).hasSize(1);
            seen.addAll(keys(reply));
            query = reply.get("next").isNull()
                    ? null
                    : "?values=true&after=" + reply.get("next").asText();
        }
        assertThat(seen).containsExactly("a", "b", "c", "d");
        assertThat(client.get(records).json().get("items")).hasSize(4);
    }

    @Test
    void prefixIsDeletedRecordByRecord() {
        fill(30);
        client.put(records + "/other", "1", "application/json");
        var deleted = client.delete(records + "?prefix=k1");
        assertThat(deleted.text()).isEqualTo(json("{'deleted':10}"));
        assertThat(keys(client.get(records).json())).hasSize(21);
        assertThat(client.delete(records + "?prefix=k1").json().get("deleted").asInt())
                .isZero();
        assertThat(client.get(records + "/k10/history")
                        .json()
                        .get("items")
                        .get(0)
                        .get("operation")
                        .asText())
                .isEqualTo("delete");
    }

    @Test
    void storeIsEmptiedAtOneInstant() {
        fill(30);
        var version = client.get(records + "/k10").version();
        assertThat(client.delete(records).text()).isEqualTo(json("{'deleted':30}"));
        assertThat(keys(client.get(records).json())).isEmpty();
        assertThat(client.get(records + "/k10").status()).isEqualTo(404);
        assertThat(client.delete(records).json().get("deleted").asInt()).isZero();
        assertThat(client.put(records + "/k10", "1", "application/json").version())
                .isGreaterThan(version + 1);
        var history = client.get(records + "/k10/history").json().get("items");
        var operations = new ArrayList<String>();
        history.forEach(item -> operations.add(item.get("operation").asText()));
        assertThat(operations).contains("put", "clear");
    }

    @Test
    void parametersAreChecked() {
        for (var bad : List.of(
                "limit=0",
                "limit=1001",
                "limit=-1",
                "limit=x",
                "limit=",
                "limit=1&limit=1",
                "limit=1.5",
                "limit=99999999999999999999",
                "limit=%31%",
                "values=",
                "values=yes",
                "values=TRUE",
                "prefix=a&prefix=b",
                "prefix=%FF",
                "after=%C3",
                "delimiter=%FF",
                "limit=+1",
                "values=1&values=1",
                "limit=%EF%BC%91")) {
            var refused = NODE.raw(TestNode.head("GET", records + "?" + bad));
            assertThat(refused.status()).as(bad).isEqualTo(400);
            if (!bad.endsWith("%")) {
                assertThat(refused.problem()).isEqualTo("invalid-parameter");
                assertThat(refused.json().get("parameter").asText()).isEqualTo(bad.split("=")[0]);
            }
        }
        assertThat(client.get(records + "?unknown=1&unknown=2&limit=1000").status())
                .isEqualTo(200);
    }

    private void fill(int number) {
        for (int i = 0; i < number; i++) {
            client.put(records + "/k" + String.format("%02d", i), "1", "application/json");
        }
    }

    private static List<String> keys(JsonNode reply) {
        var keys = new ArrayList<String>();
        reply.get("items").forEach(item -> keys.add(item.get("key").asText()));
        return keys;
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        assertThat(new TreeSet<>(names)).hasSameSizeAs(names);
        return names;
    }
}
