// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stores: making, finding, changing and deleting them, and what depends on them. */
class StoresIT {
    private static final String MERGE = "application/merge-patch+json";

    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();

    @Test
    void newStoreTellsWhatItIs() {
        var reply =
                client.post("/v1/stores", json("{'name':'First-1','title':'A title','ttl':1.5,'quota':{'records':5}}"));
        assertThat(reply.status()).isEqualTo(201);
        var store = reply.json();
        var names = new ArrayList<String>();
        store.fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .containsExactlyInAnyOrder(
                        "id",
                        "name",
                        "title",
                        "account",
                        "createdAt",
                        "modifiedAt",
                        "accessedAt",
                        "records",
                        "bytes",
                        "stats",
                        "ttl",
                        "quota",
                        "generalAccess");
        var id = store.get("id").asText();
        assertThat(id).matches("[A-Za-z0-9]{17}");
        assertThat(reply.header("Location")).contains("/v1/stores/" + id);
        assertThat(store.get("account").asText()).isEqualTo("admin");
        assertThat(store.get("ttl").decimalValue()).isEqualByComparingTo("1.5");
        assertThat(store.get("accessedAt")).isEqualTo(store.get("createdAt"));
        assertThat(store.get("generalAccess").asText()).isEqualTo("FOLLOW_USER_SETTING");
        assertThat(client.get("/v1/stores/" + id).text()).isEqualTo(reply.text());
        assertThat(client.get("/v1/stores/First-1").json().get("id").asText()).isEqualTo(id);
        assertThat(client.get("/v1/stores/first-1").problem()).isEqualTo("store-not-found");
        var again = client.post("/v1/stores", json("{'name':'First-1','title':'Other'}"));
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(store);
        assertThat(again.header("Location")).contains("/v1/stores/" + id);
    }

    @Test
    void unnamedStoresAreAllDifferent() {
        var first = client.post("/v1/stores", new byte[0], null);
        var second = client.post("/v1/stores", "{}");
        assertThat(first.status()).isEqualTo(201);
        assertThat(first.json().get("name").isNull()).isTrue();
        assertThat(first.json().get("id")).isNotEqualTo(second.json().get("id"));
    }

    @Test
    void bodiesAreChecked() {
        for (var bad : List.of(
                "{'name':''}",
                "{'name':'-a'}",
                "{'name':'a-'}",
                "{'name':'a b'}",
                "{'name':'a/b'}",
                "{'name':'é'}",
                "{'name':'" + "x".repeat(64) + "'}",
                "{'name':1}",
                "{'title':1}",
                "{'ttl':'1'}",
                "{'ttl':-1}",
                "{'ttl':1e99}",
                "{'quota':1}",
                "{'quota':{'records':-1}}",
                "{'quota':{'x':1}}",
                "{'quota':{'bytes':1.5}}",
                "{'surplus':1}",
                "{'id':'x'}",
                "[]",
                "1",
                "{",
                "{'name':'a','name':'b'}",
                "{'generalAccess':'RESTRICTED'}")) {
            var refused = client.post("/v1/stores", json(bad));
            assertThat(refused.status()).as(bad).isEqualTo(400);
        }
        assertThat(client.post("/v1/stores", json("{'surplus':1}")).text()).contains("surplus");
        assertThat(client.post("/v1/stores", "{}".getBytes(), "text/plain").status())
                .isEqualTo(415);
        assertThat(client.post("/v1/stores", json("{'name':'" + "x".repeat(63) + "'}"))
                        .status())
                .isEqualTo(201);
    }

    @Test
    void storesAreListed() {
        for (int i = 0; i < 5; i++) {
            client.post("/v1/stores", json("{'name':'list-" + i + "'}"));
        }
        client.post("/v1/stores", "{}");
        var all = client.get("/v1/stores?prefix=list-").json();
        assertThat(names(all)).containsExactly("list-0", "list-1", "list-2", "list-3", "list-4");
        assertThat(all.get("total").asInt()).isEqualTo(5);
        assertThat(all.get("offset").asInt()).isZero();
        assertThat(all.get("limit").asInt()).isEqualTo(100);
        assertThat(names(client.get("/v1/stores?prefix=list-&desc=true&limit=2&offset=1")
                        .json()))
                .containsExactly("list-3", "list-2");
        assertThat(client.get("/v1/stores?prefix=list-&limit=2&offset=9")
                        .json()
                        .get("total")
                        .asInt())
                .isEqualTo(5);
        assertThat(names(client.get("/v1/stores?limit=1000").json())).doesNotContain("null");
        assertThat(names(client.get("/v1/stores?unnamed=true&limit=1000").json()))
                .contains("null");
        assertThat(client.get("/v1/stores?prefix=").status()).isEqualTo(200);
        for (var bad : List.of(
                "offset=-1",
                "offset=x",
                "offset=",
                "offset=1&offset=1",
                "limit=0",
                "limit=1001",
                "desc=x",
                "desc=",
                "unnamed=2",
                "offset=9223372036854775808")) {
            assertThat(client.get("/v1/stores?" + bad).problem()).as(bad).isEqualTo("invalid-parameter");
        }
    }

    @Test
    void patchChangesAndUnsets() {
        var path = NODE.store("{'name':'patched','title':'T','ttl':5,'quota':{'bytes':10}}");
        var changed = client.patch(path, json("{'title':'U','ttl':null,'generalAccess':'RESTRICTED'}"), MERGE)
                .json();
        assertThat(changed.get("title").asText()).isEqualTo("U");
        assertThat(changed.get("ttl").isNull()).isTrue();
        assertThat(changed.get("name").asText()).isEqualTo("patched");
        assertThat(changed.get("generalAccess").asText()).isEqualTo("RESTRICTED");
        var unset = client.patch(
                        path, json("{'name':null,'title':null,'quota':null,'generalAccess':null}"), "application/json")
                .json();
        for (var member : List.of("name", "title", "quota")) {
            assertThat(unset.get(member).isNull()).as(member).isTrue();
        }
        assertThat(unset.get("generalAccess").asText()).isEqualTo("FOLLOW_USER_SETTING");
        assertThat(client.get("/v1/stores/patched").status()).isEqualTo(404);
        NODE.store("{'name':'taken'}");
        var taken = client.patch(path, json("{'name':'taken'}"), MERGE);
        assertThat(taken.status()).isEqualTo(409);
        assertThat(taken.problem()).isEqualTo("name-taken");
        assertThat(client.patch(path, json("{'surplus':1}"), MERGE).text()).contains("surplus");
        assertThat(client.patch(path, json("{'generalAccess':'x'}"), MERGE).status())
                .isEqualTo(400);
        assertThat(client.patch(path, "{}", "text/plain").status()).isEqualTo(415);
        assertThat(client.patch("/v1/stores/none", "{}", MERGE).problem()).isEqualTo("store-not-found");
    }

    @Test
    void quotaChangesPartlyByMergePatch() {
        var path = NODE.store("{'quota':{'records':5,'bytes':10}}");
        var quota = client.patch(path, json("{'quota':{'bytes':null}}"), MERGE)
                .json()
                .get("quota");
        assertThat(quota.get("records").asInt()).isEqualTo(5);
        assertThat(quota.path("bytes").isNumber()).isFalse();
    }

    @Test
    void deletedStoreIsGoneWithItsRecords() {
        var path = NODE.store("{'name':'gone'}");
        client.put(path + "/records/k", "1", "application/json");
        assertThat(client.delete(path).status()).isEqualTo(204);
        for (var reply : List.of(
                client.get(path),
                client.get(path + "/records/k"),
                client.get(path + "/records"),
                client.delete(path),
                client.get("/v1/stores/gone"),
                client.get(path + "/records/k/history"),
                client.put(path + "/records/k", "1", "application/json"),
                client.delete(path + "/records/k"))) {
            assertThat(reply.status()).isEqualTo(404);
            assertThat(reply.problem()).isEqualTo("store-not-found");
        }
        var again = NODE.store("{'name':'gone'}");
        assertThat(again).isNotEqualTo(path);
        assertThat(client.get(again + "/records/k").problem()).isEqualTo("record-not-found");
    }

    @Test
    void dependentsProtectTheirStore() {
        var path = NODE.store();
        var made = client.send(
                "PUT",
                path + "/dependents/reports%2F1",
                json("{'description':'D','url':'http://x/'}").getBytes(),
                "Content-Type",
                "application/json");
        assertThat(made.status()).isEqualTo(201);
        assertThat(client.put(path + "/dependents/reports%2F1", json("{'description':'E'}"), "application/json")
                        .status())
                .isEqualTo(204);
        client.put(path + "/dependents/b", json("{'description':'B'}"), "application/json");
        var listed = client.get(path + "/dependents").json().get("items");
        assertThat(listed.toString()).contains(json("'name':'reports/1','description':'E','url':null,'kind':'manual'"));
        var refused = client.delete(path);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.problem()).isEqualTo("has-dependents");
        assertThat(refused.json().get("dependents")).isEqualTo(listed);
        assertThat(client.delete(path + "?force=x").status()).isEqualTo(400);
        assertThat(client.delete(path + "?force=false").status()).isEqualTo(409);
        assertThat(client.delete(path + "/dependents/b").status()).isEqualTo(204);
        assertThat(client.delete(path + "/dependents/b").problem()).isEqualTo("not-found");
        for (var bad : List.of(
                "{}", "{'description':1}", "{'description':'x','surplus':1}", "[]", "{'description':'x','url':1}")) {
            assertThat(client.put(path + "/dependents/c", json(bad), "application/json")
                            .status())
                    .as(bad)
                    .isEqualTo(400);
        }
        assertThat(client.delete(path + "?force=true").status()).isEqualTo(204);
        assertThat(client.get(path).status()).isEqualTo(404);
    }

    @Test
    void recordsAndBytesAreExact() {
        var path = NODE.store();
        for (int i = 0; i < 20; i++) {
            client.put(path + "/records/" + i, "x".repeat(i), "text/plain");
        }
        client.put(path + "/records/large", new byte[200_000], "image/png");
        check(path, 21, 190 + 200_000);
        client.put(path + "/records/large", new byte[10], "image/png");
        client.delete(path + "/records/19");
        client.delete(path + "/records/none");
        check(path, 20, 171 + 10);
        client.delete(path + "/records?prefix=1");
        check(path, 10, 44 + 10);
        client.delete(path + "/records");
        check(path, 0, 0);
    }

    private void check(String path, int records, int bytes) {
        var store = client.get(path).json();
        assertThat(store.get("records").asInt()).isEqualTo(records);
        assertThat(store.get("bytes").asInt()).isEqualTo(bytes);
    }

    @Test
    void useIsCounted() {
        var path = NODE.store();
        client.put(path + "/records/k", "1", "application/json");
        client.get(path + "/records/k");
        client.get(path + "/records");
        client.delete(path + "/records/k");
        await().atMost(20, SECONDS).untilAsserted(() -> {
            var store = client.get(path).json();
            assertThat(store.get("stats").toString()).isEqualTo(json("{'reads':1,'writes':1,'deletes':1,'lists':1}"));
        });
        await().atMost(20, SECONDS).until(() -> {
            client.get(path + "/records/k");
            var store = client.get(path).json();
            return store.get("accessedAt")
                            .asText()
                            .compareTo(store.get("createdAt").asText())
                    > 0;
        });
    }

    @Test
    void quotasAreKept() {
        var path = NODE.store("{'quota':{'records':2,'bytes':10}}");
        assertThat(put(path, "a", "12345").status()).isEqualTo(201);
        overQuota(put(path, "b", "123456"), 10, 11);
        assertThat(put(path, "b", "12345").status()).isEqualTo(201);
        overQuota(put(path, "c", ""), 2, 3);
        overQuota(client.post(path + "/records/c/increment", "{}"), 2, 3);
        overQuota(put(path, "a", "123456"), 10, 11);
        assertThat(client.get(path + "/records/a").text()).isEqualTo("12345");
        assertThat(put(path, "a", "1").status()).isEqualTo(204);
        client.delete(path + "/records/b");
        assertThat(put(path, "c", "123456789").status()).isEqualTo(201);
        client.patch(path, json("{'quota':{'records':1}}"), "application/json");
        assertThat(put(path, "a", "2").status()).isEqualTo(204);
        client.patch(path, json("{'quota':null}"), "application/json");
        assertThat(put(path, "d", "x".repeat(100)).status()).isEqualTo(201);
    }

    private Reply put(String path, String key, String value) {
        return client.put(path + "/records/" + key, value, "text/plain");
    }

    private static void overQuota(Reply reply, int limit, int actual) {
        assertThat(reply.status()).as("%s", reply).isEqualTo(413);
        assertThat(reply.problem()).isEqualTo("too-large");
        assertThat(reply.json().get("limit").asInt()).isEqualTo(limit);
        assertThat(reply.json().get("actual").asInt()).isEqualTo(actual);
    }

    private static List<String> names(JsonNode page) {
        var names = new ArrayList<String>();
        page.get("items").forEach(store -> names.add(store.get("name").asText()));
        return names;
    }
}
