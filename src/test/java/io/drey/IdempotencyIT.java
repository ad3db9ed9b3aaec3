// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A repeat gets the first answer again and changes nothing. */
class IdempotencyIT {
    private static final String KEY = "Idempotency-Key";

    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String store = NODE.store();
    private final String path = store + "/records/k";

    @Test
    void everyKindOfWriteIsReplayed() {
        var id = store.substring("/v1/stores/".length());
        twice("PUT", path, "[1]", "application/json");
        twice("POST", path + "/push", "{'value':2}", "application/json");
        twice("PATCH", path, "[{'op':'add','path':'/-','value':3}]", "application/json-patch+json");
        assertThat(client.get(path).text()).isEqualTo("[1,2,3]");
        twice("PATCH", path, "[{'op':'test','path':'/0','value':9}]", "application/json-patch+json");
        twice("POST", path + "/increment", "{}", "application/json");
        twice("POST", store + "/records/none/touch", "{'ttl':5}", "application/json");
        for (var atomic : List.of("false", "true")) {
            twice(
                    "POST",
                    store + "/batch",
                    "{'operations':[{'op':'increment','key':'n'},{'op':'get','key':'n'}],'atomic':" + atomic + "}",
                    "application/json");
        }
        assertThat(client.get(store + "/records/n").text()).isEqualTo("2");
        twice("POST", store + "/records", "{'key':'i','value':1}", "application/x-ndjson");
        assertThat(client.get(store + "/records/i/history").json().get("items")).hasSize(1);
        twice("DELETE", path, null, null);
        twice("DELETE", store + "/records?prefix=i", null, null);
        twice("DELETE", store + "/records", null, null);
        twice("POST", "/v1/stores", "{}", "application/json");
        twice("PATCH", store, "{'title':'T'}", "application/json");
        twice("PUT", store + "/dependents/d", "{'description':'D'}", "application/json");
        twice("DELETE", store, null, null);
        twice("DELETE", store + "/dependents/d", null, null);
        twice("DELETE", "/v1/stores/" + id + "?force=true", null, null);
        twice("DELETE", "/v1/tokens/none", null, null);
    }

    private void twice(String method, String target, String body, String type) {
        var key = method + target.hashCode() + (body == null ? "" : body.hashCode());
        var first = send(method, target, body, type, key);
        var again = send(method, target, body, type, key);
        assertThat(first.header("Idempotency-Replayed")).isEmpty();
        assertThat(again.status()).as("%s %s: %s", method, target, first).isEqualTo(first.status());
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
        assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        assertThat(again.header("Content-Type")).isEqualTo(first.header("Content-Type"));
        assertThat(again.header("Idempotency-Replayed"))
                .as("%s %s: %s", method, target, again)
                .contains("true");
    }

    private Reply send(String method, String target, String body, String type, String key) {
        return type == null
                ? client.send(method, target, null, KEY, key)
                : client.send(method, target, json(body).getBytes(), "Content-Type", type, KEY, key);
    }

    @Test
    void anotherRequestWithTheKeyIsRefused() {
        client.put(path, "1", "application/json", KEY, "one");
        for (var other : List.of(
                client.put(path, "2", "application/json", KEY, "one"),
                client.put(path + "2", "1", "application/json", KEY, "one"),
                client.put(path + "?ttl=5", "1", "application/json", KEY, "one"),
                client.delete(path, KEY, "one"))) {
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.problem()).isEqualTo("idempotency-key-reused");
        }
        assertThat(client.get(path).text()).isEqualTo("1");
    }

    @Test
    void refusalsOfTheRequestItselfAreNotRemembered() {
        assertThat(client.put(path, "{", "application/json", KEY, "bad").status())
                .isEqualTo(400);
        var good = client.put(path, "{}", "application/json", KEY, "bad");
        assertThat(good.status()).isEqualTo(201);
        assertThat(good.header("Idempotency-Replayed")).isEmpty();
        var stale = client.put(path, "1", "application/json", KEY, "stale", "If-Match", "\"0\"");
        assertThat(stale.status()).isEqualTo(412);
        assertThat(client.put(path, "1", "application/json", KEY, "stale", "If-Match", "\"0\"")
                        .header("Idempotency-Replayed"))
                .contains("true");
    }

    @Test
    void keysBelongToTheAccount() {
        var other = client.post("/v1/tokens", json("{'name':'n','account':'second','scopes':['admin']}"));
        var second = client.withToken(other.json().get("secret").asText());
        var mine = client.post("/v1/stores", "{}", KEY, "shared").json().get("id");
        var theirs = second.post("/v1/stores", "{}", KEY, "shared");
        assertThat(theirs.header("Idempotency-Replayed")).isEmpty();
        assertThat(theirs.json().get("id")).isNotEqualTo(mine);
    }

    @Test
    void repeatedTokenComesWithoutItsSecret() {
        var body = json("{'name':'n','scopes':['admin']}");
        var first = client.post("/v1/tokens", body, KEY, "token");
        var again = client.post("/v1/tokens", body, KEY, "token");
        assertThat(first.json().has("secret")).isTrue();
        assertThat(again.status()).isEqualTo(201);
        assertThat(again.json().get("id")).isEqualTo(first.json().get("id"));
        assertThat(again.json().path("secret").isTextual()).isFalse();
        assertThat(again.header("Idempotency-Replayed")).contains("true");
    }

    @Test
    void repeatsAtTheSameTimeTakeEffectOnce() {
        for (int round = 0; round < 20; round++) {
            var key = "same-" + round;
            var replies = IntStream.range(0, 20)
                    .mapToObj(i -> client.postAsync(path + "/increment", "{}", KEY, key))
                    .toList();
            assertThat(replies.stream().map(CompletableFuture::join))
                    .allSatisfy(reply -> assertThat(reply.status()).isEqualTo(200));
            assertThat(client.get(path).text()).isEqualTo(Integer.toString(round + 1));
        }
    }

    @Test
    void answersSurviveARestart() {
        try (var node = TestNode.start()) {
            var counter = node.store() + "/records/n/increment";
            var first = node.client().post(counter, "{}", KEY, "kept");
            node.client().post(counter, "{}");
            node.restart();
            var again = node.client().post(counter, "{}", KEY, "kept");
            assertThat(again.text()).isEqualTo(first.text());
            assertThat(again.etag()).isEqualTo(first.etag());
            assertThat(again.header("Idempotency-Replayed")).contains("true");
        }
    }
}
