// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One record at a time: put, get, patch, delete, and the versions that are kept of it. */
class RecordsIT {
    private static final String JSON = "application/json";
    private static final String MERGE = "application/merge-patch+json";
    private static final String PATCH = "application/json-patch+json";

    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String records = NODE.store() + "/records";

    @Test
    void bytesComeBackAsTheyWerePut() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        for (int size : new int[] {0, 1, 1_000, 64 * 1024, 64 * 1024 + 1, 256 * 1024, 5 << 20}) {
            var bytes = new byte[size];
            new Random(seed).nextBytes(bytes);
            var path = records + "/size-" + size;
            var put = client.put(path, bytes, "image/png");
            assertThat(put.status()).isEqualTo(201);
            var got = client.get(path);
            assertThat(got.status()).isEqualTo(200);
            assertThat(got.body()).as("seed %d, size %d", seed, size).isEqualTo(bytes);
            assertThat(got.header("Content-Type")).contains("image/png");
            assertThat(got.header("Accept-Ranges")).contains("bytes");
            assertThat(got.header("X-Content-Type-Options")).contains("nosniff");
            assertThat(got.header("Last-Modified")).isPresent();
            assertThat(got.header("Record-TTL")).isEmpty();
            assertThat(got.etag()).isEqualTo(put.etag());
            var head = client.head(path);
            assertThat(head.status()).isEqualTo(200);
            assertThat(head.header("Content-Length")).contains(Integer.toString(size));
            assertThat(head.etag()).isEqualTo(put.etag());
            assertThat(client.put(path, new byte[0], "image/png").status()).isEqualTo(204);
            assertThat(client.get(path).body()).isEmpty();
        }
    }

    @Test
    void typeIsKeptAsSentAndIsBytesByDefault() {
        client.put(records + "/a", "x", "Text/Plain; charset=\"utf-8\"");
        assertThat(client.get(records + "/a").header("Content-Type")).contains("Text/Plain; charset=\"utf-8\"");
        client.put(records + "/b", "x", null);
        assertThat(client.get(records + "/b").header("Content-Type")).contains("application/octet-stream");
        assertThat(client.put(records + "/c", "x", "nonsense").status()).isEqualTo(400);
        assertThat(client.get(records + "/c").status()).isEqualTo(404);
    }

    @Test
    void activeContentIsSandboxed() {
        for (var type : List.of("text/html", "TEXT/HTML; charset=x", "image/svg+xml", "application/xml", "text/xml")) {
            client.put(records + "/page", "<p/>", type);
            assertThat(client.get(records + "/page").header("Content-Security-Policy"))
                    .as(type)
                    .contains("sandbox");
        }
        client.put(records + "/page", "p", "text/plain");
        assertThat(client.get(records + "/page").header("Content-Security-Policy"))
                .isEmpty();
    }

    @Test
    void jsonIsCheckedAndItsBytesAreKept() {
        var odd = " { \"b\" : 1.0e2 ,\n\"a\":[ ] } ";
        for (var type : List.of(JSON, "APPLICATION/Json; charset=utf-8", "application/vnd.x+json", "a/b+JSON")) {
            assertThat(client.put(records + "/json", odd, type).status()).isIn(201, 204);
            assertThat(client.get(records + "/json").text()).isEqualTo(odd);
            for (var bad : List.of(
                    "",
                    " ",
                    "{",
                    "{'a':1,'a':2}",
                    "NaN",
                    "1 2",
                    "[1,]",
                    "'\u0001'",
                    "tru",
                    "01",
                    "{'a':{'b':1,'b':1}}")) {
                var refused = client.put(records + "/json", json(bad), type);
                assertThat(refused.status()).as("%s as %s", bad, type).isEqualTo(400);
                assertThat(refused.problem()).isEqualTo("malformed");
            }
            assertThat(client.put(records + "/json", new byte[] {'"', (byte) 0xFF, '"'}, type)
                            .status())
                    .isEqualTo(400);
        }
        assertThat(client.get(records + "/json").text()).isEqualTo(odd);
        assertThat(client.put(records + "/deep", "[".repeat(500) + "]".repeat(500), JSON)
                        .status())
                .isEqualTo(201);
        assertThat(client.put(records + "/deeper", "[".repeat(501) + "]".repeat(501), JSON)
                        .status())
                .isEqualTo(400);
        assertThat(client.put(records + "/text", "{", "text/plain").status()).isEqualTo(201);
    }

    @Test
    void versionsOnlyGrow() {
        long last = 0;
        for (int round = 0; round < 3; round++) {
            var put = client.put(records + "/k", "1", JSON);
            assertThat(put.status()).isEqualTo(201);
            var replaced = client.put(records + "/k", "1", JSON);
            assertThat(replaced.status()).isEqualTo(204);
            assertThat(put.version()).isGreaterThan(last);
            assertThat(replaced.version()).isGreaterThan(put.version());
            last = replaced.version();
            assertThat(client.delete(records + "/k").status()).isEqualTo(204);
            assertThat(client.delete(records + "/k").status()).isEqualTo(204);
        }
        assertThat(client.get(records + "/k").problem()).isEqualTo("record-not-found");
    }

    @Test
    void deletionReturnsTheValueWhenAsked() {
        client.put(records + "/k", "<p/>", "text/html");
        var deleted = client.delete(records + "/k?return=value");
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(deleted.text()).isEqualTo("<p/>");
        assertThat(deleted.header("Content-Type")).contains("text/html");
        assertThat(deleted.header("Content-Security-Policy")).contains("sandbox");
        assertThat(deleted.header("X-Content-Type-Options")).contains("nosniff");
        assertThat(client.delete(records + "/k?return=value").status()).isEqualTo(204);
        var large = new byte[300_000];
        client.put(records + "/k", large, "image/png");
        assertThat(client.delete(records + "/k?return=value").body()).isEqualTo(large);
        assertThat(client.get(records + "/k").status()).isEqualTo(404);
        assertThat(client.delete(records + "/k?return=all").problem()).isEqualTo("invalid-parameter");
        assertThat(client.delete(records + "/k?return=").problem()).isEqualTo("invalid-parameter");
    }

    @Test
    void mergePatchChangesMembersAndCreates() {
        var created = client.patch(records + "/k", json("{'a':1,'b':{'c':null,'d':2}}"), MERGE);
        assertThat(created.status()).isEqualTo(201);
        assertThat(created.text()).isEqualTo(json("{'a':1,'b':{'d':2}}"));
        var patched = client.patch(records + "/k", json("{'a':null}"), MERGE);
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.text()).isEqualTo(json("{'b':{'d':2}}"));
        assertThat(patched.version()).isGreaterThan(created.version());
        assertThat(client.patch(records + "/k", "{}", MERGE).version()).isEqualTo(patched.version());
        assertThat(client.patch(records + "/k", "null", MERGE).text()).isEqualTo("null");
        assertThat(client.get(records + "/k").text()).isEqualTo("null");
    }

    @Test
    void jsonPatchIsAppliedAsAWhole() {
        assertThat(client.patch(records + "/k", "[]", PATCH).problem()).isEqualTo("record-not-found");
        client.put(records + "/k", json("{'a':[1,2]}"), "application/vnd.x+json");
        var patched = client.patch(records + "/k", json("[{'op':'add','path':'/a/-','value':3}]"), PATCH);
        assertThat(patched.status()).isEqualTo(200);
        assertThat(patched.text()).isEqualTo(json("{'a':[1,2,3]}"));
        assertThat(client.get(records + "/k").header("Content-Type")).contains("application/vnd.x+json");
        var half = json("[{'op':'remove','path':'/a'},{'op':'test','path':'/b','value':1}]");
        var failed = client.patch(records + "/k", half, PATCH);
        assertThat(failed.status()).isEqualTo(422);
        assertThat(failed.problem()).isEqualTo("patch-failed");
        assertThat(client.get(records + "/k").etag()).isEqualTo(patched.etag());
        assertThat(client.patch(records + "/k", json("[{'op':'no','path':''}]"), PATCH)
                        .status())
                .isEqualTo(400);
        assertThat(client.patch(records + "/k", json("{'op':'test'}"), PATCH).status())
                .isEqualTo(400);
        assertThat(client.patch(records + "/k", "[", PATCH).status()).isEqualTo(400);
    }

    @Test
    void patchNeedsAPatchAndJson() {
        client.put(records + "/k", "x", "text/plain");
        var type = client.patch(records + "/k", "{}", JSON);
        assertThat(type.status()).isEqualTo(415);
        assertThat(type.header("Accept-Patch").orElse("")).contains(MERGE, PATCH);
        for (var patch : List.of(MERGE, PATCH)) {
            var reply = client.patch(records + "/k", patch.equals(MERGE) ? "{}" : "[]", patch);
            assertThat(reply.status()).isEqualTo(409);
            assertThat(reply.json().get("found").asText()).isEqualTo("bytes");
        }
    }

    @Test
    void historyTellsEveryKeptVersion() {
        var path = records + "/k";
        long put = client.put(path, "1", JSON).version();
        long incremented = client.post(path + "/increment", "{}").version();
        long patched = client.patch(path, "[]", MERGE).version();
        client.delete(path);
        long again = client.put(path, "xy", "text/plain").version();
        var items = items(client.get(path + "/history"));
        assertThat(items)
                .extracting(item -> item.get("operation").asText())
                .containsExactly("put", "delete", "patch", "increment", "put");
        assertThat(items)
                .extracting(item -> item.get("version").asLong())
                .isSortedAccordingTo((a, b) -> Long.compare(b, a));
        assertThat(items.get(0).get("size").asInt()).isEqualTo(2);
        assertThat(items.get(0).get("contentType").asText()).isEqualTo("text/plain");
        assertThat(items.get(1).get("size").isNull()).isTrue();
        assertThat(items.get(1).get("contentType").isNull()).isTrue();
        assertThat(client.get(path + "?version=" + put).text()).isEqualTo("1");
        assertThat(client.get(path + "?version=" + put).version()).isEqualTo(put);
        assertThat(client.get(path + "?version=" + incremented).text()).isEqualTo("2");
        assertThat(client.get(path + "?version=" + patched).text()).isEqualTo("[]");
        assertThat(client.get(path + "?version=" + again).text()).isEqualTo("xy");
        long deletion = items.get(1).get("version").asLong();
        for (long none : new long[] {deletion, again + 1_000_000}) {
            assertThat(client.get(path + "?version=" + none).problem()).isEqualTo("record-not-found");
        }
        assertThat(client.get(records + "/other?version=" + put).status()).isIn(404, 410);
        client.delete(path);
        assertThat(items(client.get(path + "/history"))).hasSize(6);
        assertThat(client.get(path + "?version=" + again).text()).isEqualTo("xy");
        assertThat(items(client.get(records + "/never/history"))).isEmpty();
    }

    @Test
    void historyIsPaged() {
        var path = records + "/k";
        var put = new ArrayList<Long>();
        for (int i = 0; i < 7; i++) {
            put.add(0, client.put(path, "" + i, JSON).version());
        }
        var seen = new ArrayList<Long>();
        var query = "?limit=3";
        for (int page = 0; page < 3; page++) {
            var reply = client.get(path + "/history" + query);
            items(reply).forEach(item -> seen.add(item.get("version").asLong()));
            var next = reply.json().get("next");
            assertThat(next.isNull()).isEqualTo(page == 2);
            query = "?limit=3&before=" + next.asText();
        }
        assertThat(seen).isEqualTo(put);
        assertThat(client.get(path + "/history?before=0").status()).isEqualTo(400);
    }

    @Test
    void everyKindOfKeyReachesItsOwnRecord() {
        var encoded = List.of(
                "a%2Fb",
                "%2F",
                "%00",
                "%00%00",
                "%0A",
                "%0D%0A",
                "%7F",
                "a+b",
                "a%20b",
                "%25",
                "%252F",
                "...",
                ".a",
                "..a",
                "%C3%A9",
                "%F0%9F%90%BF",
                "history",
                "increment",
                "records",
                "?".replace("?", "%3F"),
                "%23",
                "a;b=c",
                "%22",
                "%5C",
                "%5C..%5C",
                "%EF%BB%BF",
                "%E2%80%AE",
                "x".repeat(512),
                "%C3%A9".repeat(256));
        for (var key : encoded) {
            assertThat(client.put(records + "/" + key, key, "text/plain").status())
                    .as(key)
                    .isEqualTo(201);
        }
        for (var key : encoded) {
            assertThat(client.get(records + "/" + key).text()).isEqualTo(key);
        }
        assertThat(client.get(records + "/%61%2fb").text()).isEqualTo("a%2Fb");
        var listed = items(client.get(records + "?limit=1000"));
        assertThat(listed).hasSameSizeAs(encoded);
        for (var key : encoded) {
            client.delete(records + "/" + key);
        }
        assertThat(items(client.get(records))).isEmpty();
    }

    @Test
    void recordsSurviveARestart() {
        try (var node = TestNode.start()) {
            var path = node.store("{'name':'kept'}") + "/records/k";
            var large = "x".repeat(200_000).getBytes(StandardCharsets.US_ASCII);
            node.client().put(path, large, "text/plain");
            var before = node.client().put(path + "2", "1", JSON);
            node.client().delete(path + "2");
            node.restart();
            assertThat(node.client().get("/v1/stores/kept/records/k").body()).isEqualTo(large);
            assertThat(node.client().get(path + "2").status()).isEqualTo(404);
            assertThat(node.client().put(path + "2", "2", JSON).version()).isGreaterThan(before.version());
            assertThat(items(node.client().get(path + "2/history"))).hasSize(3);
        }
    }

    private static List<JsonNode> items(Reply reply) {
        assertThat(reply.status()).isEqualTo(200);
        return StreamSupport.stream(reply.json().get("items").spliterator(), false)
                .toList();
    }
}
