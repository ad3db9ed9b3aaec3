// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The operations that change a record in one atomic step. */
class OperationsIT {
    private static final String JSON = "application/json";
    private static final Map<String, String> MINIMAL = Map.of(
            "increment", "{}",
            "compare-and-set", "{'value':1}",
            "set-children", "{'values':{}}",
            "remove-children", "{'keys':[]}",
            "push", "{'value':1}",
            "pop", "{}",
            "get-or-create", "{'value':1}",
            "touch", "{'ttl':1000}");

    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String path = NODE.store() + "/records/k";

    @Test
    void incrementIsExact() {
        assertThat(done("increment", "{'by':0.1}")).isEqualTo("0.1");
        assertThat(done("increment", "{'by':0.2}")).isEqualTo("0.3");
        assertThat(done("increment", "{'by':0.7}")).isEqualTo("1");
        assertThat(done("increment", "{}")).isEqualTo("2");
        assertThat(done("increment", "{'by':1e20}")).isEqualTo("100000000000000000002");
        assertThat(done("increment", "{'by':123456789012345678901234567890}"))
                .isEqualTo("123456789112345678901234567892");
        put("1e2");
        assertThat(done("increment", "{'by':-100}")).isEqualTo("0");
        assertThat(client.get(path).text()).isEqualTo("0");
    }

    @Test
    void incrementIsBounded() {
        assertThat(done("increment", "{'by':1e1000}")).isEqualTo("1" + "0".repeat(1000));
        for (var by : List.of("1e1001", "1e-1001", "1" + "0".repeat(10_000), "'1'", "null", "true")) {
            var refused = post("increment", "{'by':" + by + "}");
            assertThat(refused.status()).as(by).isEqualTo(400);
            assertThat(refused.problem()).isEqualTo("invalid-parameter");
        }
    }

    @Test
    void compareAndSetComparesDeeply() {
        assertThat(cas("{'expected':1,'value':2}")).isFalse();
        assertThat(client.get(path).status()).isEqualTo(404);
        var refused = post("compare-and-set", "{'expected':1,'value':2}").json();
        assertThat(refused.get("value").isNull()).isTrue();
        assertThat(refused.get("version").isNull()).isTrue();
        assertThat(cas("{'value':{'a':[1.0,2],'b':'x'}}")).isTrue();
        assertThat(cas("{'value':null}")).isFalse();
        assertThat(cas("{'expected':{'b':'x','a':[1,2e0]},'value':null}")).isTrue();
        assertThat(client.get(path).text()).isEqualTo("null");
        assertThat(cas("{'expected':null,'value':[]}")).isTrue();
        assertThat(cas("{'expected':{},'value':1}")).isFalse();
        assertThat(post("compare-and-set", "{'expected':[]}").problem()).isEqualTo("invalid-parameter");
    }

    @Test
    void childrenAreSetAndRemoved() {
        assertThat(done("set-children", "{'values':{'a':1,'b':{'c':2}}}")).isEqualTo(json("{'a':1,'b':{'c':2}}"));
        assertThat(done("set-children", "{'values':{'b':null}}")).isEqualTo(json("{'a':1,'b':null}"));
        assertThat(done("remove-children", "{'keys':['a','x']}")).isEqualTo(json("{'b':null}"));
        assertThat(done("remove-children", "{'keys':['b']}")).isEqualTo("{}");
        client.delete(path);
        var absent = post("remove-children", "{'keys':['b']}").json();
        assertThat(absent.get("value").isNull() && absent.get("version").isNull())
                .isTrue();
        assertThat(client.get(path).status()).isEqualTo(404);
    }

    @Test
    void pushAndPopWorkOnBothEnds() {
        assertThat(done("push", "{'value':1}")).isEqualTo("[1]");
        assertThat(done("push", "{'value':2,'location':'tail'}")).isEqualTo("[1,2]");
        assertThat(done("push", "{'value':0,'location':'head'}")).isEqualTo("[0,1,2]");
        assertThat(done("push", "{'value':3,'max':3}")).isEqualTo("[1,2,3]");
        assertThat(done("push", "{'value':0,'max':2,'location':'head'}")).isEqualTo("[0,1]");
        assertThat(done("push", "{'value':1.0,'unique':true}")).isEqualTo("[0,1]");
        assertThat(popped("{}")).isEqualTo("1");
        assertThat(popped("{'location':'head'}")).isEqualTo("0");
        assertThat(client.get(path).text()).isEqualTo("[]");
        assertThat(popped("{}")).isEqualTo("null");
        assertThat(popped("{'default':{'a':1}}")).isEqualTo(json("{'a':1}"));
        client.delete(path);
        assertThat(popped("{'default':7}")).isEqualTo("7");
        assertThat(client.get(path).status()).isEqualTo(404);
        for (var bad : List.of(
                "{}",
                "{'value':1,'location':'middle'}",
                "{'value':1,'max':0}",
                "{'value':1,'max':1.5}",
                "{'value':1,'unique':1}")) {
            assertThat(post("push", bad).problem()).as(bad).isEqualTo("invalid-parameter");
        }
    }

    @Test
    void getOrCreateCreatesOnce() {
        var created = post("get-or-create", "{'value':{'a':1},'ttl':100}");
        assertThat(created.json().get("created").asBoolean()).isTrue();
        var found = post("get-or-create", "{'value':2}");
        assertThat(found.json().get("created").asBoolean()).isFalse();
        assertThat(found.json().get("value").toString()).isEqualTo(json("{'a':1}"));
        assertThat(found.etag()).isEqualTo(created.etag());
        assertThat(client.get(path)
                        .header("Record-TTL")
                        .map(Double::parseDouble)
                        .orElse(0.0))
                .isBetween(90.0, 100.0);
    }

    @Test
    void touchChangesTheExpiryOnly() {
        assertThat(post("touch", "{'ttl':100}").problem()).isEqualTo("record-not-found");
        client.put(path, "abc", "text/plain");
        var touched = post("touch", "{'ttl':100.5}");
        assertThat(touched.json().get("value").isNull()).isTrue();
        assertThat(touched.json().get("expiresAt").asText()).endsWith("Z");
        assertThat(client.get(path).text()).isEqualTo("abc");
        assertThat(client.get(path).version()).isEqualTo(touched.version());
        for (var none : List.of("0", "null", "0.0")) {
            post("touch", "{'ttl':100}");
            assertThat(post("touch", "{'ttl':" + none + "}")
                            .json()
                            .get("expiresAt")
                            .isNull())
                    .isTrue();
            assertThat(client.get(path).header("Record-TTL")).isEmpty();
        }
        for (var bad :
                List.of("{}", "{'ttl':-1}", "{'ttl':'5'}", "{'ttl':0.0001}", "{'ttl':3155760001}", "{'ttl':1e99}")) {
            assertThat(post("touch", bad).problem()).as(bad).isEqualTo("invalid-parameter");
        }
    }

    @Test
    void wrongTypeChangesNothing() {
        var expected = Map.of(
                "increment", "number",
                "set-children", "object",
                "remove-children", "object",
                "push", "array",
                "pop", "array");
        var values = Map.of(
                "null", "null", "true", "boolean", "1", "number", "'x'", "string", "[]", "array", "{}", "object");
        values.forEach((value, type) -> {
            var version = put(json(value)).version();
            expected.forEach((name, needed) -> {
                if (!needed.equals(type)) {
                    var refused = post(name, MINIMAL.get(name));
                    assertThat(refused.status()).as("%s on %s", name, value).isEqualTo(409);
                    assertThat(refused.problem()).isEqualTo("wrong-type");
                    assertThat(refused.json().get("found").asText()).isEqualTo(type);
                    assertThat(refused.json().get("expected").asText()).isEqualTo(needed);
                }
            });
            assertThat(client.get(path).version()).isEqualTo(version);
        });
    }

    @Test
    void typedOperationsRefuseBytes() {
        client.put(path, "1", "text/plain");
        for (var name : List.of("increment", "set-children", "remove-children", "push", "pop")) {
            var refused = post(name, MINIMAL.get(name));
            assertThat(refused.status()).as(name).isEqualTo(409);
            assertThat(refused.json().get("found").asText()).isEqualTo("bytes");
        }
    }

    @Test
    void operationsOnAnyJsonRefuseBytes() {
        client.put(path, "1", "text/plain");
        for (var name : List.of("compare-and-set", "get-or-create")) {
            var refused = post(name, MINIMAL.get(name));
            assertThat(refused.status()).as(name).isEqualTo(409);
            assertThat(refused.json().get("found").asText()).isEqualTo("bytes");
        }
    }

    @Test
    void whatChangesNothingKeepsTheVersion() {
        var version = put(json("{'a':[1]}")).version();
        assertThat(post("get-or-create", "{'value':2}").version()).isEqualTo(version);
        assertThat(post("compare-and-set", "{'expected':3,'value':2}").version())
                .isEqualTo(version);
        assertThat(post("set-children", "{'values':{}}").version()).isEqualTo(version);
        assertThat(post("remove-children", "{'keys':['x']}").version()).isEqualTo(version);
        version = put("[1]").version();
        assertThat(post("push", "{'value':1,'unique':true}").version()).isEqualTo(version);
        version = put("[]").version();
        assertThat(post("pop", "{}").version()).isEqualTo(version);
        assertThat(put("[]").version()).isGreaterThan(version);
    }

    @Test
    void operationsKeepTypeExpiryAndDigits() {
        client.put(path + "?ttl=1000", json("{'n':1.10,'big':12345678901234567890.50}"), "application/vnd.x+json");
        post("set-children", "{'values':{'m':1}}");
        var got = client.get(path);
        assertThat(got.text()).isEqualTo(json("{'n':1.10,'big':12345678901234567890.50,'m':1}"));
        assertThat(got.header("Content-Type")).contains("application/vnd.x+json");
        assertThat(got.header("Record-TTL")).isPresent();
    }

    @Test
    void conditionsHold() {
        var stale = put("1").etag();
        put("2");
        MINIMAL.forEach((name, body) -> {
            for (var condition : List.of("If-Match", "If-None-Match")) {
                var tag = condition.equals("If-Match") ? stale : "*";
                var refused = client.post(path + "/" + name, json(body), condition, tag);
                assertThat(refused.status()).as("%s %s", name, condition).isEqualTo(412);
                assertThat(refused.json().get("version").isNumber()).isTrue();
            }
        });
        client.delete(path);
        var absent = client.post(path + "/increment", "{}", "If-Match", "*");
        assertThat(absent.status()).isEqualTo(412);
        assertThat(absent.json().get("version").isNull()).isTrue();
        assertThat(client.post(path + "/increment", "{}", "If-None-Match", "*").status())
                .isEqualTo(200);
    }

    @Test
    void argumentsAreCheckedBeforeTheKeyIsLookedAt() {
        client.put(path, "x", "text/plain");
        MINIMAL.forEach((name, body) -> {
            var unknown = json(
                    body.equals("{}")
                            ? "{'surplus':1}"
                            : body.replace("}", ",'surplus':1}").replace(",'surplus':1},", "},"));
            var refused = client.post(path + "/" + name, unknown);
            assertThat(refused.status()).as("%s %s", name, unknown).isEqualTo(400);
            assertThat(refused.text()).contains("surplus");
            for (var bad : List.of("", "[]", "1", "null", "{", "{'a':1,'a':1}", "{}{}")) {
                assertThat(client.post(path + "/" + name, json(bad)).status())
                        .as("%s %s", name, bad)
                        .isEqualTo(400);
            }
            assertThat(client.post(path + "/" + name, json(body).getBytes(), "text/plain")
                            .status())
                    .isEqualTo(415);
        });
    }

    private Reply put(String value) {
        return client.put(path, value, JSON);
    }

    private Reply post(String name, String body) {
        return client.post(path + "/" + name, json(body));
    }

    private String done(String name, String body) {
        var reply = post(name, body);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        assertThat(reply.json().get("version").asLong()).isEqualTo(reply.version());
        return member(reply, "value");
    }

    private boolean cas(String body) {
        var reply = post("compare-and-set", body);
        assertThat(reply.status()).as("%s", reply).isEqualTo(200);
        return reply.json().get("applied").asBoolean();
    }

    private String popped(String body) {
        return member(post("pop", body), "popped");
    }

    /** As it stands in the body: a parsed number would lose how it was written. */
    private static String member(Reply reply, String name) {
        var text = reply.text();
        int from = text.indexOf('"' + name + "\":") + name.length() + 3;
        var rest = text.substring(from, text.length() - 1);
        for (var next : List.of(",\"version\":", ",\"popped\":", ",\"applied\":")) {
            int end = rest.indexOf(next);
            rest = end < 0 ? rest : rest.substring(0, end);
        }
        return rest;
    }
}
