// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.contract.CheckedClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What operators and readers of the documentation ask for. */
class OperatingIT {
    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final CheckedClient nobody = client.withToken(null);

    @Test
    void healthNeedsNoToken() {
        assertThat(nobody.get("/health/live").status()).isEqualTo(200);
        assertThat(nobody.get("/health/ready").json().get("status").asText()).isEqualTo("UP");
    }

    @Test
    void clusterOfOneNode() {
        var cluster = client.get("/v1/cluster").json();
        assertThat(cluster.get("state").asText()).isEqualTo("active");
        assertThat(cluster.get("caughtUp").asBoolean()).isTrue();
        assertThat(cluster.get("migrating").asInt()).isZero();
        assertThat(cluster.at("/storage/kind").asText()).isEqualTo("sqlite");
        assertThat(cluster.at("/storage/reachable").asBoolean()).isTrue();
        assertThat(cluster.get("members")).hasSize(1);
        assertThat(cluster.at("/members/0/http").asText()).isEqualTo(NODE.url());
        assertThat(cluster.at("/members/0/partitions/owned").asInt())
                .isEqualTo(cluster.get("partitions").asInt());
    }

    @Test
    void metricsTellWhatHappens() {
        client.put(NODE.store() + "/records/k", "1", "application/json");
        var metrics = nobody.get("/metrics");
        assertThat(metrics.header("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(metrics.text())
                .contains("drey_http_connections", "drey_commit_time", "jvm_memory_used_bytes", "putRecord");
        try (var node = TestNode.start("--metrics.public=false")) {
            assertThat(node.client().withToken(null).get("/metrics").status()).isEqualTo(401);
            assertThat(node.client().get("/metrics").status()).isEqualTo(200);
        }
    }

    @Test
    void documentationIsServed() {
        assertThat(nobody.get("/openapi.yaml").text()).contains("openapi: 3.1", "/v1/stores/{store}/records/{key}");
        assertThat(nobody.get("/docs").text()).contains("docs.js");
        assertThat(nobody.get("/docs/docs.js").status()).isEqualTo(200);
        assertThat(nobody.get("/docs/swagger-ui.css").status()).isEqualTo(200);
        assertThat(nobody.get("/docs/..").status()).isEqualTo(404);
        assertThat(nobody.get("/").text()).contains("/docs");
    }

    @Test
    void durabilityIsToldAsConfigured() {
        try (var node = TestNode.start("--durability=os")) {
            var put = node.client().put(node.store() + "/records/k", "1", "application/json");
            assertThat(put.header("Durability")).contains("os");
            node.restart();
            assertThat(node.client().post("/v1/stores", "{}").header("Durability"))
                    .contains("fsync");
        }
    }
}
