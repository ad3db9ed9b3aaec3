// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.contract.CheckedClient;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who may do what. */
class TokensIT {
    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String store = NODE.store();
    private final String id = store.substring("/v1/stores/".length());

    @Test
    void whoeverBearsNoKnownTokenIsRefused() {
        for (var bad : new String[] {null, "wrong", "", " ", "x".repeat(5_000), TestNode.ADMIN + "x", "\u00e9"}) {
            var unknown = client.withToken(bad);
            for (var path : List.of(
                    "/v1/stores", store, store + "/records/k", store + "/records/", "/v1/none", "/v1/cluster")) {
                var refused = unknown.get(path);
                assertThat(refused.status()).as("%s %s", bad, path).isEqualTo(401);
                assertThat(refused.header("WWW-Authenticate")).contains("Bearer");
            }
            assertThat(unknown.put(store + "/records/k", "1", "application/json")
                            .status())
                    .isEqualTo(401);
        }
        var none = client.withToken(null);
        for (var header : List.of("Basic " + TestNode.ADMIN, TestNode.ADMIN, "Bearer", "Bearer  ")) {
            assertThat(none.get(store, "Authorization", header).status())
                    .as(header)
                    .isEqualTo(401);
        }
        assertThat(none.get(store, "Authorization", "bearer " + TestNode.ADMIN).status())
                .isEqualTo(200);
        assertThat(none.get(store + "?token=" + TestNode.ADMIN).status()).isEqualTo(401);
        assertThat(client.head("/v1/none").status()).isEqualTo(404);
    }

    @Test
    void tokenIsShownOnceAndCanBeRevoked() {
        var reply = client.post("/v1/tokens", json("{'name':'n','scopes':[{'store':'" + id + "','access':'read'}]}"));
        assertThat(reply.status()).isEqualTo(201);
        var token = reply.json();
        var mine = client.withToken(token.get("secret").asText());
        assertThat(token.get("account").asText()).isEqualTo("admin");
        assertThat(token.get("expiresAt").isNull() && token.get("lastUsedAt").isNull())
                .isTrue();
        assertThat(mine.get(store).status()).isEqualTo(200);
        var listed = client.get("/v1/tokens");
        assertThat(listed.text()).doesNotContain(token.get("secret").asText()).doesNotContain("\"secret\"");
        assertThat(listed.json().get("items").toString())
                .contains(token.get("id").asText());
        await().atMost(20, SECONDS).until(() -> client.get("/v1/tokens").json().findValues("lastUsedAt").stream()
                .anyMatch(time -> time.isTextual()));
        assertThat(mine.get("/v1/tokens").status()).isEqualTo(403);
        assertThat(client.delete("/v1/tokens/" + token.get("id").asText()).status())
                .isEqualTo(204);
        assertThat(mine.get(store).status()).isEqualTo(401);
        assertThat(client.delete("/v1/tokens/" + token.get("id").asText()).problem())
                .isEqualTo("not-found");
    }

    @Test
    void tokenEndsAtItsTime() {
        var expiresAt = Instant.now().plusMillis(1_500).toString();
        var reply = client.post("/v1/tokens", json("{'name':'n','scopes':['admin'],'expiresAt':'" + expiresAt + "'}"));
        var mine = client.withToken(reply.json().get("secret").asText());
        assertThat(mine.get(store).status()).isEqualTo(200);
        await().atMost(5, SECONDS).until(() -> mine.get(store).status() == 401);
        assertThat(Instant.now()).isAfter(Instant.parse(expiresAt));
    }

    @Test
    void bodiesAreChecked() {
        var scope = "{'store':'" + id + "','access':'read'";
        for (var bad : List.of(
                "{}",
                "{'name':'n'}",
                "{'scopes':['admin']}",
                "{'name':'','scopes':['admin']}",
                "{'name':'n','scopes':[]}",
                "{'name':'n','scopes':'admin'}",
                "{'name':'n','scopes':['root']}",
                "{'name':'n','scopes':['admin','admin']}",
                "{'name':'n','scopes':[{}]}",
                "{'name':'n','scopes':[{'store':'" + id + "'}]}",
                "{'name':'n','scopes':[{'store':'" + id + "','access':'all'}]}",
                "{'name':'n','scopes':[" + scope + ",'x':1}]}",
                "{'name':'n','scopes':[" + scope + ",'prefix':1}]}",
                "{'name':'n','scopes':['admin'],'x':1}",
                "{'name':'n','scopes':['admin'],'expiresAt':'soon'}",
                "{'name':'n','scopes':['admin'],'expiresAt':1}",
                "{'name':'n','scopes':['admin'],'expiresAt':'2020-01-01T00:00:00Z'}",
                "{'name':'n','scopes':['admin'],'account':'a b'}",
                "{'name':'n','scopes':['admin'],'account':1}",
                "[]",
                "{")) {
            assertThat(client.post("/v1/tokens", json(bad)).status()).as(bad).isEqualTo(400);
        }
        var missing = client.post("/v1/tokens", json("{'name':'n','scopes':[{'store':'none','access':'read'}]}"));
        assertThat(missing.problem()).isEqualTo("store-not-found");
    }

    @Test
    void readMayNotWriteAndNobodyButAdminsManages() {
        client.put(store + "/records/k", "1", "application/json");
        var reader = client.withToken(NODE.token("[{'store':'" + id + "','access':'read'}]"));
        var writer = client.withToken(NODE.token("[{'store':'" + id + "','access':'write'}]"));
        assertThat(reader.get(store + "/records/k").status()).isEqualTo(200);
        assertThat(reader.get(store + "/records").status()).isEqualTo(200);
        assertThat(reader.get(store + "/records/k/history").status()).isEqualTo(200);
        assertThat(reader.put(store + "/records/k", "1", "application/json").status())
                .isEqualTo(403);
        assertThat(reader.put(store + "/records/k", "{", "application/json").status())
                .isEqualTo(403);
        assertThat(reader.delete(store + "/records/k").status()).isEqualTo(403);
        assertThat(reader.delete(store + "/records").status()).isEqualTo(403);
        assertThat(reader.post(store + "/records/k/increment", "{}").status()).isEqualTo(403);
        assertThat(reader.post(store + "/records", new byte[0], "application/x-ndjson")
                        .status())
                .isEqualTo(403);
        assertThat(reader.patch(store + "/records/k", "{}", "application/merge-patch+json")
                        .status())
                .isEqualTo(403);
        assertThat(writer.post(store + "/records/k/increment", "{}").status()).isEqualTo(200);
        assertThat(writer.delete(store + "/records").status()).isEqualTo(200);
        for (var who : List.of(reader, writer)) {
            assertThat(who.post("/v1/stores", "{}").status()).isEqualTo(403);
            assertThat(who.patch(store, "{}", "application/json").status()).isEqualTo(403);
            assertThat(who.delete(store).status()).isEqualTo(403);
            assertThat(who.get("/v1/tokens").status()).isEqualTo(403);
            assertThat(who.post("/v1/tokens", "{}").status()).isEqualTo(403);
            assertThat(who.delete("/v1/tokens/x").status()).isEqualTo(403);
            assertThat(who.get("/v1/cluster").status()).isEqualTo(403);
            assertThat(who.put(store + "/dependents/x", json("{'description':'d'}"), "application/json")
                            .status())
                    .isEqualTo(403);
            assertThat(who.get("/v1/stores/none").status()).isEqualTo(403);
            assertThat(who.get(NODE.store()).status()).isEqualTo(403);
            var listed = who.get("/v1/stores?unnamed=true").json();
            assertThat(listed.get("total").asInt()).isEqualTo(1);
            assertThat(listed.at("/items/0/id").asText()).isEqualTo(id);
        }
    }

    @Test
    void prefixIsAllThatItsTokenSees() {
        for (var key : List.of("a", "p", "p1", "p2%2F1", "p2%2F2", "q")) {
            client.put(store + "/records/" + key, "1", "application/json");
        }
        var mine = client.withToken(NODE.token("[{'store':'" + id + "','prefix':'p','access':'write'}]"));
        assertThat(mine.get(store + "/records/p1").status()).isEqualTo(200);
        for (var key : List.of("a", "q", "none")) {
            assertThat(mine.get(store + "/records/" + key).status()).isEqualTo(403);
            assertThat(mine.put(store + "/records/" + key, "1", "text/plain").status())
                    .isEqualTo(403);
            assertThat(mine.get(store + "/records/" + key + "/history").status())
                    .isEqualTo(403);
        }
        assertThat(mine.get(store + "/records/pnone").status()).isEqualTo(404);
        assertThat(mine.get(store + "/records").json().get("items")).hasSize(4);
        assertThat(mine.get(store + "/records?prefix=").json().get("items")).hasSize(4);
        assertThat(mine.get(store + "/records?after=a&prefix=p1").json().get("items"))
                .hasSize(1);
        assertThat(mine.get(store + "/records?delimiter=/")
                        .json()
                        .get("prefixes")
                        .toString())
                .isEqualTo("[\"p2/\"]");
        assertThat(mine.get(store + "/records?prefix=q").status()).isEqualTo(403);
        assertThat(mine.get(store + "/records", "Accept", "application/x-ndjson")
                        .text()
                        .lines())
                .hasSize(4);
        assertThat(mine.delete(store + "/records").status()).isEqualTo(403);
        assertThat(mine.delete(store + "/records?prefix=").status()).isEqualTo(403);
        assertThat(mine.delete(store + "/records?prefix=q").status()).isEqualTo(403);
        assertThat(mine.delete(store + "/records?prefix=p2")
                        .json()
                        .get("deleted")
                        .asInt())
                .isEqualTo(2);
        var lines = json("{'key':'p9','value':1}\n{'key':'x','value':1}\n").getBytes();
        var imported =
                mine.post(store + "/records", lines, "application/x-ndjson").json();
        assertThat(imported.get("imported").asInt()).isEqualTo(1);
        assertThat(imported.at("/failed/0/problem/status").asInt()).isEqualTo(403);
    }

    @Test
    void scopeByNameStaysWithTheStore() {
        var path = NODE.store("{'name':'scoped'}");
        var mine = client.withToken(NODE.token("[{'store':'scoped','access':'read'}]"));
        client.patch(path, json("{'name':'renamed'}"), "application/json");
        NODE.store("{'name':'scoped'}");
        assertThat(mine.get(path).status()).isEqualTo(200);
        assertThat(mine.get("/v1/stores/renamed").status()).isEqualTo(200);
        assertThat(mine.get("/v1/stores/scoped").status()).isEqualTo(403);
    }

    @Test
    void accountsDoNotSeeEachOther() {
        var reply = client.post("/v1/tokens", json("{'name':'n','account':'other','scopes':['admin']}"));
        assertThat(reply.json().get("account").asText()).isEqualTo("other");
        var other = client.withToken(reply.json().get("secret").asText());
        client.put(store + "/records/k", "1", "application/json");
        for (var path : List.of(store, store + "/records", store + "/records/k", store + "/dependents")) {
            assertThat(other.get(path).problem()).as(path).isEqualTo("store-not-found");
        }
        assertThat(other.delete(store).problem()).isEqualTo("store-not-found");
        assertThat(other.delete(store + "/records").problem()).isEqualTo("store-not-found");
        assertThat(other.put(store + "/records/k", "2", "text/plain").problem()).isEqualTo("store-not-found");
        assertThat(other.get("/v1/stores?unnamed=1").json().get("total").asInt())
                .isZero();
        NODE.store("{'name':'same-name'}");
        var same = other.post("/v1/stores", json("{'name':'same-name'}"));
        assertThat(same.status()).isEqualTo(201);
        assertThat(same.json().get("account").asText()).isEqualTo("other");
        assertThat(client.get("/v1/stores/" + same.json().get("id").asText()).status())
                .isEqualTo(404);
        assertThat(other.get("/v1/tokens").json().get("items")).hasSize(1);
        assertThat(other.post("/v1/tokens", json("{'name':'n','account':'third','scopes':['admin']}"))
                        .status())
                .isEqualTo(403);
        assertThat(other.post("/v1/tokens", json("{'name':'n','scopes':[{'store':'" + id + "','access':'read'}]}"))
                        .problem())
                .isEqualTo("store-not-found");
    }

    @Test
    void tokensSurviveARestart() {
        try (var node = TestNode.start()) {
            var secret = node.token("['admin']");
            node.restart();
            assertThat(node.client().withToken(secret).get("/v1/stores").status())
                    .isEqualTo(200);
        }
    }
}
