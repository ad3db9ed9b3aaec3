// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several operations in one request. */
class BatchIT {
    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String store = NODE.store();

    @Test
    void everyOperationAnswersInOrder() {
        for (boolean atomic : new boolean[] {false, true}) {
            var prefix = "a" + atomic;
            var reply = batch(
                    atomic,
                    "{'op':'put','key':'KEY1','value':{'b': 1.50}}",
                    "{'op':'put','key':'KEY1','value':[ 1 ]}",
                    "{'op':'get','key':'KEY1'}",
                    "{'op':'put','key':'KEY2','base64':'AAH/','contentType':'image/png','ttl':100}",
                    "{'op':'get','key':'KEY2'}",
                    "{'op':'get','key':'KEY3'}",
                    "{'op':'increment','key':'KEY4','by':2}",
                    "{'op':'compare-and-set','key':'KEY4','expected':2,'value':3}",
                    "{'op':'set-children','key':'KEY5','values':{'a':1}}",
                    "{'op':'remove-children','key':'KEY5','keys':['a']}",
                    "{'op':'push','key':'KEY6','value':1}",
                    "{'op':'pop','key':'KEY6'}",
                    "{'op':'get-or-create','key':'KEY7','value':1}",
                    "{'op':'touch','key':'KEY7','ttl':50}",
                    "{'op':'delete','key':'KEY7'}",
                    "{'op':'delete','key':'KEY7'}");
            var results = results(reply);
            assertThat(statuses(results))
                    .containsExactly(201, 204, 200, 201, 200, 404, 200, 200, 200, 200, 200, 200, 200, 200, 204, 204);
            assertThat(reply.text()).contains(json("'value':[ 1 ]"));
            assertThat(results.get(1).get("version").asLong())
                    .isGreaterThan(results.get(0).get("version").asLong());
            assertThat(results.get(2).get("version").asLong())
                    .isEqualTo(results.get(1).get("version").asLong());
            assertThat(results.get(2).get("contentType").asText()).isEqualTo("application/json");
            assertThat(results.get(4).get("base64").asText()).isEqualTo("AAH/");
            assertThat(results.get(4).get("contentType").asText()).isEqualTo("image/png");
            assertThat(results.get(6).get("value").asInt()).isEqualTo(2);
            assertThat(results.get(7).get("applied").asBoolean()).isTrue();
            assertThat(results.get(11).get("popped").asInt()).isEqualTo(1);
            assertThat(results.get(12).get("created").asBoolean()).isTrue();
            assertThat(results.get(13).get("expiresAt").isTextual()).isTrue();
            assertThat(client.get(store + "/records/KEY1").text()).isEqualTo("[ 1 ]");
            assertThat(client.get(store + "/records/KEY2").header("Record-TTL")).isPresent();
            assertThat(client.get(store + "/records/KEY1").version())
                    .isEqualTo(results.get(1).get("version").asLong());
            assertThat(client.delete(store + "/records").status()).as(prefix).isEqualTo(200);
        }
    }

    @Test
    void eachStandsForItself() {
        var results = results(batch(
                false,
                "{'op':'put','key':'a','value':'x'}",
                "{'op':'increment','key':'a'}",
                "{'op':'put','key':'a','value':1,'ifNoneMatch':'*'}",
                "{'op':'put','key':'a','value':1,'ifMatch':1}",
                "{'op':'touch','key':'no','ttl':5}",
                "{'op':'put','key':'b','value':2}"));
        assertThat(statuses(results)).containsExactly(201, 409, 412, 412, 404, 201);
        assertThat(results.get(1).get("type").asText()).isEqualTo("urn:drey:problem:wrong-type");
        assertThat(results.get(2).get("version").asLong())
                .isEqualTo(results.get(0).get("version").asLong());
        assertThat(client.get(store + "/records/a").text()).isEqualTo("\"x\"");
    }

    @Test
    void atomicIsAllOrNothing() {
        client.put(store + "/records/s", "\"x\"", "application/json");
        var before = client.get(store + "/records?values=true").text();
        refused(412, 1, "{'op':'put','key':'s','value':1}", "{'op':'put','key':'s','value':1,'ifNoneMatch':'*'}");
        refused(
                409,
                2,
                "{'op':'put','key':'n','value':1}",
                "{'op':'delete','key':'s'}",
                "{'op':'push','key':'n','value':1}");
        refused(404, 1, "{'op':'put','key':'n','value':1}", "{'op':'touch','key':'no','ttl':5}");
        refused(
                412,
                1,
                "{'op':'put','key':'n','value':1}",
                "{'op':'compare-and-set','key':'s','expected':'y','value':1}");
        assertThat(client.get(store + "/records?values=true").text()).isEqualTo(before);
    }

    @Test
    void atomicSeesWhatWentBefore() {
        var results = results(batch(
                true,
                "{'op':'increment','key':'n','by':5}",
                "{'op':'increment','key':'n','by':5}",
                "{'op':'get','key':'n'}",
                "{'op':'delete','key':'n'}",
                "{'op':'get','key':'n'}",
                "{'op':'put','key':'n','value':1,'ifNoneMatch':'*'}"));
        assertThat(results.get(2).get("value").asInt()).isEqualTo(10);
        assertThat(statuses(results)).containsExactly(200, 200, 200, 204, 404, 201);
    }

    @Test
    void batchIsCheckedAsAWholeBeforeTheFirstRuns() {
        var good = "{'op':'put','key':'early','value':1}";
        for (var bad : List.of(
                "{'key':'a'}",
                "{'op':'put','value':1}",
                "{'op':'fly','key':'a'}",
                "{'op':'put','key':'a'}",
                "1",
                "null",
                "{'op':'put','key':'a','value':1,'base64':''}",
                "{'op':'put','key':'a','base64':'?'}",
                "{'op':'put','key':'a','value':1,'contentType':'text/plain'}",
                "{'op':'put','key':'a','value':1,'x':1}",
                "{'op':'get','key':'a','value':1}",
                "{'op':'put','key':'','value':1}",
                "{'op':'put','key':'..','value':1}",
                "{'op':'delete','key':'.'}",
                "{'op':'put','key':'" + "x".repeat(513) + "','value':1}",
                "{'op':'delete','key':'\\ud800'}",
                "{'op':'delete','key':1}",
                "{'op':'delete','key':'a','ifMatch':'1'}",
                "{'op':'delete','key':'a','ifMatch':0}",
                "{'op':'delete','key':'a','ifNoneMatch':'1'}",
                "{'op':'put','key':'a','value':1,'ttl':-1}",
                "{'op':'increment','key':'a','by':'1'}",
                "{'op':'put','key':'a','base64':'e30=x','contentType':'application/json'}",
                "{'op':'put','key':'a','base64':'e3t9','contentType':'application/json'}",
                "{'op':'push','key':'a'}")) {
            for (boolean atomic : new boolean[] {false, true}) {
                var refused = batch(atomic, good, bad);
                assertThat(refused.status()).as(bad).isEqualTo(400);
                if (bad.startsWith("{")) {
                    assertThat(refused.json().path("index").asInt(-1)).as(bad).isEqualTo(1);
                }
            }
        }
        for (var bad : List.of(
                "{}",
                "[]",
                "{'operations':{}}",
                "{'operations':[],'atomic':'yes'}",
                "{'operations':[],'x':1}",
                "",
                "{'operations':[",
                "{'operations':[],'operations':[]}")) {
            assertThat(client.post(store + "/batch", json(bad)).status())
                    .as(bad)
                    .isEqualTo(400);
        }
        assertThat(client.get(store + "/records/early").status()).isEqualTo(404);
    }

    @Test
    void numberOfOperationsIsBounded() {
        assertThat(results(many(1_000, false))).hasSize(1_000);
        assertThat(results(many(100, true))).hasSize(100);
        assertThat(client.get(store + "/records?limit=1").json().get("items")).hasSize(1);
        client.delete(store + "/records");
        var tooMany = many(1_001, false);
        assertThat(tooMany.status()).isEqualTo(413);
        assertThat(tooMany.json().get("limit").asInt()).isEqualTo(1_000);
        assertThat(tooMany.json().get("actual").asInt()).isEqualTo(1_001);
        assertThat(many(101, true).json().get("limit").asInt()).isEqualTo(100);
        assertThat(client.get(store + "/records").json().get("items")).isEmpty();
        assertThat(results(batch(false))).isEmpty();
        assertThat(results(batch(true))).isEmpty();
    }

    @Test
    void operationsOnOneKeyRunInTheirOrder() {
        var pushes = IntStream.range(0, 500)
                .mapToObj(i -> "{'op':'push','key':'list','value':" + i + "}")
                .toArray(String[]::new);
        batch(false, pushes);
        var list = client.get(store + "/records/list").json();
        assertThat(list).hasSize(500);
        for (int i = 0; i < 500; i++) {
            assertThat(list.get(i).asInt()).isEqualTo(i);
        }
    }

    @Test
    void eachOperationNeedsItsOwnRight() {
        var id = store.substring("/v1/stores/".length());
        var token = NODE.token("[{'store':'" + id + "','prefix':'a','access':'write'},{'store':'" + id
                + "','prefix':'b','access':'read'}]");
        var mine = client.withToken(token);
        var operations = json("{'operations':[{'op':'put','key':'a1','value':1},{'op':'put','key':'b1','value':1},"
                + "{'op':'get','key':'b1'},{'op':'get','key':'c'}],'atomic':false}");
        assertThat(statuses(results(mine.post(store + "/batch", operations)))).containsExactly(201, 403, 404, 403);
        var atomic = mine.post(store + "/batch", operations.replace("false", "true"));
        assertThat(atomic.status()).isEqualTo(403);
        assertThat(atomic.json().get("index").asInt()).isEqualTo(1);
    }

    private Reply batch(boolean atomic, String... operations) {
        return client.post(
                store + "/batch",
                json("{'operations':[" + String.join(",", operations) + "],'atomic':" + atomic + "}"));
    }

    private Reply many(int number, boolean atomic) {
        return batch(
                atomic,
                IntStream.range(0, number)
                        .mapToObj(i -> "{'op':'put','key':'k" + i + "','value':" + i + "}")
                        .toArray(String[]::new));
    }

    private void refused(int status, int index, String... operations) {
        var reply = batch(true, operations);
        assertThat(reply.status()).as("%s", reply).isEqualTo(status);
        assertThat(reply.json().get("index").asInt()).isEqualTo(index);
    }

    private static JsonNode results(Reply reply) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.json().get("results");
    }

    private static List<Integer> statuses(JsonNode results) {
        return IntStream.range(0, results.size())
                .mapToObj(i -> results.get(i).get("status").asInt())
                .collect(Collectors.toList());
    }
}
