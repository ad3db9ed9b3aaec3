// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Names and defaults are a promise to users: a change here is a change for them. */
class DefaultsTest {
    private static final List<String> NAMES_AND_DEFAULTS = List.of(
            "http.host=127.0.0.1",
            "http.port=8080",
            "http.write-timeout=2 s",
            "http.request-timeout=10 s",
            "http.idle-timeout=60 s",
            "http.connections-max=20000",
            "http.in-flight-max=10000",
            "http.cors-origins=*",
            "http.compression=true",
            "http.shutdown-timeout=20 s",
            "http.threads=0",
            "http.tls.certificate=",
            "http.tls.key=",
            "data.dir=data",
            "storage.url=",
            "storage.lease=3 s",
            "storage.readers=2",
            "storage.reserve-bytes=16 MiB",
            "durability=fsync",
            "cluster.enabled=false",
            "cluster.name=drey",
            "cluster.host=127.0.0.1",
            "cluster.port=5701",
            "cluster.members=",
            "event-bus.port=15701",
            "memory.records=0",
            "memory.heads-max=50000",
            "limits.record-bytes=64 MiB",
            "limits.json-bytes=16 MiB",
            "limits.json-depth=500",
            "limits.number-exponent=1000",
            "limits.number-digits=10000",
            "limits.key-bytes=512",
            "limits.batch-operations=1000",
            "limits.batch-bytes=32 MiB",
            "limits.atomic-operations=100",
            "limits.page-items=1000",
            "limits.page-bytes=16 MiB",
            "limits.request-line-bytes=16 KiB",
            "limits.header-bytes=32 KiB",
            "log.keep-for=7 d",
            "log.keep-bytes=1 GiB",
            "idempotency.window=24 h",
            "metrics.public=true",
            "logging.level=info",
            "logging.format=text");

    @Test
    void namesAndDefaultsArePinned() {
        var written = new ArrayList<String>();
        Sources.defaults().forEach((key, setting) -> written.add(key + "=" + setting.text()));
        assertThat(written).containsExactlyElementsOf(NAMES_AND_DEFAULTS);
    }

    @Test
    void everyKeyHasExactlyOneLineOfCommentAboveIt() throws IOException {
        var lines = yaml().lines().toList();
        var keys = Sources.defaults().keySet().stream()
                .map(key -> key.substring(key.lastIndexOf('.') + 1))
                .toList();
        var found = 0;
        for (var i = 2; i < lines.size(); i++) {
            var name = lines.get(i).strip().replaceFirst(":.*", "");
            var isSection = lines.get(i).endsWith(":");
            if (!lines.get(i).isBlank() && !isSection && !name.startsWith("#")) {
                assertThat(keys).contains(name);
                assertThat(lines.get(i - 1).strip()).as("above " + lines.get(i)).matches("# .{10,}\\.");
                assertThat(lines.get(i - 2).strip()).as("above " + lines.get(i)).doesNotStartWith("#");
                found++;
            }
        }
        assertThat(found).isEqualTo(keys.size());
    }

    @Test
    void noTwoKeysShareAnEnvironmentVariable() {
        Map<String, String> keys = new LinkedHashMap<>();
        for (var key : Sources.defaults().keySet()) {
            assertThat(keys.put(Sources.variable(key), key)).as(key).isNull();
        }
    }

    private static String yaml() throws IOException {
        try (var stream = Objects.requireNonNull(DefaultsTest.class.getResourceAsStream("/drey.yaml"))) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
