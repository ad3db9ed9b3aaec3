// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Records in and out as lines of JSON. */
class ImportExportIT {
    private static final String NDJSON = "application/x-ndjson";

    @RegisterExtension
    static final TestNode NODE = TestNode.start("--limits.record-bytes=64KiB");

    private final CheckedClient client = NODE.client();
    private final String records = NODE.store() + "/records";

    @Test
    void everyLineIsARecord() {
        var reply = imported(
                "{'key':'a','value': {'n' : 1.50} }",
                "{'key':'b','base64':'AAH/','contentType':'image/png'}",
                "",
                "{'key':'c','value':1,'contentType':'application/vnd.x+json','ttl':100,'surplus':[1]}\r",
                "{'key':'d','base64':'e30=','contentType':'application/json'}",
                "{'key':'e','base64':''}");
        assertThat(reply.text())
                .isEqualTo(json("{'imported':5,'expired':0,'failed':[],'failedTotal':0,'stopped':false}"));
        assertThat(client.get(records + "/a").text()).isEqualTo(json("{'n' : 1.50}"));
        assertThat(client.get(records + "/b").body()).containsExactly(0, 1, 255);
        assertThat(client.get(records + "/b").header("Content-Type")).contains("image/png");
        assertThat(client.get(records + "/c").header("Content-Type")).contains("application/vnd.x+json");
        assertThat(client.get(records + "/c").header("Record-TTL")).isPresent();
        assertThat(client.get(records + "/e").header("Content-Type")).contains("application/octet-stream");
        assertThat(client.get(records + "/a/history")
                        .json()
                        .at("/items/0/operation")
                        .asText())
                .isEqualTo("put");
    }

    @Test
    void badLinesAreToldAndGoodOnesKept() {
        var bad = List.of(
                "{",
                "[]",
                "{'value':1}",
                "{'key':'','value':1}",
                "{'key':'..','value':1}",
                "{'key':'.','value':1}",
                "{'key':'x'}",
                "{'key':'x','value':1,'base64':''}",
                "{'key':'x','base64':'?'}",
                "{'key':'x','value':1,'ttl':-1}",
                "{'key':'x','value':1,'expiresAt':'soon'}",
                "{'key':'x','value':1,'ttl':1,'expiresAt':'2030-01-01T00:00:00Z'}",
                "{'key':'x','value':1,'value':2}",
                "{'key':'x','value':1,'contentType':'text/plain'}",
                "{'key':'\\ud800','value':1}",
                "{'key':'x','base64':'e3t9','contentType':'application/json'}",
                "{'key':'" + "x".repeat(513) + "','value':1}",
                "{'key':'x','value':'" + "x".repeat(65 * 1024) + "'}",
                "{'key':'x','value':NaN}",
                "{'key':'x','value':1} {}");
        var lines = bad.stream()
                .collect(Collectors.joining("\n", "{'key':'first','value':1}\n", "\n{'key':'last','value':2}"));
        var reply = imported(lines).json();
        assertThat(reply.get("imported").asInt()).isEqualTo(2);
        assertThat(reply.get("failedTotal").asInt()).isEqualTo(bad.size());
        assertThat(reply.get("stopped").asBoolean()).isFalse();
        for (int i = 0; i < bad.size(); i++) {
            assertThat(reply.at("/failed/" + i + "/line").asInt())
                    .as(bad.get(i))
                    .isEqualTo(i + 2);
            int status = reply.at("/failed/" + i + "/problem/status").asInt();
            assertThat(status).as(bad.get(i)).isIn(400, 413);
        }
        assertThat(client.get(records + "/last").text()).isEqualTo("2");
        assertThat(client.get(records + "/x").status()).isEqualTo(404);
    }

    @Test
    void atMostAThousandProblemsAreTold() {
        var reply = imported("{\n".repeat(1_500) + "{'key':'k','value':1}").json();
        assertThat(reply.get("failed")).hasSize(1_000);
        assertThat(reply.at("/failed/999/line").asInt()).isEqualTo(1_000);
        assertThat(reply.get("failedTotal").asInt()).isEqualTo(1_500);
        assertThat(reply.get("imported").asInt()).isEqualTo(1);
    }

    @Test
    void linesPastTheirExpiryAreOnlyCounted() {
        client.put(records + "/k", "0", "application/json");
        var reply = imported(
                        "{'key':'k','value':1,'expiresAt':'2020-01-01T00:00:00.000Z'}",
                        "{'key':'l','value':1,'expiresAt':'2100-01-01T00:00:00.000Z'}",
                        "{'key':'m','value':1,'expiresAt':null}")
                .json();
        assertThat(reply.get("expired").asInt()).isEqualTo(1);
        assertThat(reply.get("imported").asInt()).isEqualTo(2);
        assertThat(client.get(records + "/k").text()).isEqualTo("0");
    }

    @Test
    void expiryIsTheOneThatTheLineNames() {
        imported("{'key':'l','value':1,'expiresAt':'2100-01-01T00:00:00.000Z'}");
        assertThat(client.get(records).json().at("/items/0/expiresAt").asText()).isEqualTo("2100-01-01T00:00:00.000Z");
    }

    @Test
    void laterLineOfAKeyWins() {
        var lines = IntStream.range(0, 300)
                .mapToObj(i -> "{'key':'k" + i % 3 + "','value':" + i + "}")
                .collect(Collectors.joining("\n"));
        assertThat(imported(lines).json().get("imported").asInt()).isEqualTo(300);
        assertThat(client.get(records + "/k0").text()).isEqualTo("297");
        assertThat(client.get(records + "/k2").text()).isEqualTo("299");
    }

    @Test
    void importNeedsItsType() {
        for (var type : new String[] {"application/json", "text/plain", null, "x"}) {
            assertThat(client.post(records, "{}".getBytes(StandardCharsets.UTF_8), type)
                            .status())
                    .isEqualTo(415);
        }
        assertThat(client.post(records, new byte[0], "Application/X-NDJSON; charset=utf-8")
                        .status())
                .isEqualTo(200);
    }

    @Test
    void bodyThatIsNotCodedAsItSaysEndsTheImport() {
        var reply = client.post(records, "no gzip".getBytes(StandardCharsets.UTF_8), NDJSON, "Content-Encoding", "gzip")
                .json();
        assertThat(reply.get("stopped").asBoolean()).isTrue();
        assertThat(reply.get("failedTotal").asInt()).isEqualTo(1);
        assertThat(reply.at("/failed/0/problem/status").asInt()).isEqualTo(400);
    }

    @Test
    void exportIsImportedAgain() {
        client.put(records + "/json", "{ \"a\" : 1.0 }", "application/json");
        client.put(records + "/lines", "{\n\"a\" : 1.0 }", "application/vnd.x+json");
        client.put(records + "/bytes?ttl=1000", new byte[] {0, 1, 2}, "image/png");
        client.put(records + "/empty", "", "text/plain");
        client.put(records + "/odd%2F%00%C3%A9", "\"x\"", "application/json; charset=utf-8");
        var exported = client.get(records, "Accept", NDJSON);
        assertThat(exported.header("Content-Type")).contains(NDJSON);
        var lines = exported.text().split("\n");
        assertThat(lines).hasSize(5);
        assertThat(exported.text()).contains(json("'value':{ 'a' : 1.0 }")).endsWith("\n");
        var other = NODE.store() + "/records";
        assertThat(client.post(other, exported.body(), NDJSON)
                        .json()
                        .get("imported")
                        .asInt())
                .isEqualTo(5);
        for (var key : List.of("json", "lines", "bytes", "empty", "odd%2F%00%C3%A9")) {
            var before = client.get(records + "/" + key);
            var after = client.get(other + "/" + key);
            assertThat(after.body()).as(key).isEqualTo(before.body());
            assertThat(after.header("Content-Type")).isEqualTo(before.header("Content-Type"));
            assertThat(after.header("Record-TTL").isPresent())
                    .isEqualTo(before.header("Record-TTL").isPresent());
        }
    }

    @Test
    void exportStreamsInKeyOrder() {
        var lines = IntStream.range(0, 5_000)
                .mapToObj(i -> "{'key':'" + String.format("%05d", i) + "','value':'" + "x".repeat(500) + "'}")
                .collect(Collectors.joining("\n"));
        var reply = imported(lines);
        assertThat(reply.json().get("imported").asInt()).as("%s", reply).isEqualTo(5_000);
        var exported = client.get(records, "Accept", NDJSON)
                .text()
                .lines()
                .map(ImportExportIT::parse)
                .toList();
        assertThat(exported).hasSize(5_000);
        for (int i = 0; i < 5_000; i++) {
            assertThat(exported.get(i).get("key").asText()).isEqualTo(String.format("%05d", i));
        }
        assertThat(client.get(records + "?prefix=0001", "Accept", NDJSON).text().lines())
                .hasSize(10);
        assertThat(client.get(records + "?after=04989", "Accept", NDJSON).text().lines())
                .hasSize(10);
        assertThat(client.head(records, "Accept", NDJSON).status()).isEqualTo(200);
        assertThat(client.get(records + "?after=99", "Accept", NDJSON).body()).isEmpty();
        assertThat(client.get(records, "Accept", "*/*").header("Content-Type")).contains("application/json");
        assertThat(client.get(records, "Accept", NDJSON + ", application/json;q=0.5")
                        .header("Content-Type"))
                .contains(NDJSON);
    }

    private Reply imported(String... lines) {
        var reply = client.post(records, json(String.join("\n", lines)).getBytes(StandardCharsets.UTF_8), NDJSON);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply;
    }

    private static JsonNode parse(String line) {
        return new Reply(200, null, line.getBytes(StandardCharsets.UTF_8)).json();
    }
}
