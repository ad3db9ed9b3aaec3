// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.contract.CheckedClient;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Records that end by themselves. */
class ExpiryIT {
    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String store = NODE.store();
    private final String path = store + "/records/k";

    @Test
    void recordEndsAtItsTimeWithAVersionOfItsOwn() {
        long version = client.put(path + "?ttl=1.2", "1", "application/json").version();
        var left = client.get(path).header("Record-TTL").orElseThrow();
        assertThat(left).matches("\\d(\\.\\d{1,3})?");
        assertThat(Double.parseDouble(left)).isLessThanOrEqualTo(1.2);
        var end = Instant.parse(
                client.get(store + "/records").json().at("/items/0/expiresAt").asText());
        await().atMost(5, SECONDS).until(() -> client.get(path).status() == 404);
        assertThat(Instant.now()).isAfterOrEqualTo(end);
        assertThat(client.get(store + "/records").json().get("items")).isEmpty();
        await().atMost(5, SECONDS)
                .until(() -> client.get(path + "/history").json().get("items").size() == 2);
        var last = client.get(path + "/history").json().at("/items/0");
        assertThat(last.get("operation").asText()).isEqualTo("expire");
        assertThat(last.get("version").asLong()).isGreaterThan(version);
        assertThat(client.get(store).json().get("records").asInt()).isZero();
    }

    @Test
    void writeAfterTheEndStartsAnew() {
        client.put(path + "?ttl=0.001", "5", "application/json");
        await().atMost(5, SECONDS).until(() -> client.get(path).status() == 404);
        assertThat(client.post(path + "/increment", "{}").json().get("value").asInt())
                .isEqualTo(1);
        assertThat(client.get(path).header("Record-TTL")).isEmpty();
        assertThat(client.get(path + "/history").json().at("/items/1/operation").asText())
                .isEqualTo("expire");
        assertThat(client.put(path + "?ttl=0.001", "5", "application/json").status())
                .isEqualTo(204);
        await().atMost(5, SECONDS).until(() -> client.get(path).status() == 404);
        assertThat(client.put(path, "5", "application/json", "If-None-Match", "*")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void expiryStaysUnlessItIsNamed() {
        client.put(path + "?ttl=1000", "1", "application/json");
        client.put(path, "2", "application/json");
        assertThat(client.get(path).header("Record-TTL")).isPresent();
        client.put(path + "?ttl=0", "2", "application/json");
        assertThat(client.get(path).header("Record-TTL")).isEmpty();
    }

    @Test
    void defaultOfTheStoreIsForNewRecords() {
        client.put(path, "1", "application/json");
        client.patch(store, json("{'ttl':500}"), "application/json");
        client.put(path, "2", "application/json");
        assertThat(client.get(path).header("Record-TTL")).isEmpty();
        client.put(path + "2", "2", "application/json");
        client.post(path + "3/increment", "{}");
        client.put(path + "4?ttl=0", "2", "application/json");
        client.post(path + "5/get-or-create", json("{'value':1,'ttl':1000}"));
        client.put(path + "6?ttl=5", "2", "application/json");
        for (var key : new String[] {"2", "3"}) {
            assertThat(Double.parseDouble(
                            client.get(path + key).header("Record-TTL").orElseThrow()))
                    .isBetween(490.0, 500.0);
        }
        assertThat(client.get(path + "4").header("Record-TTL")).isEmpty();
        assertThat(Double.parseDouble(
                        client.get(path + "5").header("Record-TTL").orElseThrow()))
                .isGreaterThan(900);
        assertThat(Double.parseDouble(
                        client.get(path + "6").header("Record-TTL").orElseThrow()))
                .isLessThanOrEqualTo(5);
    }
}
