// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
    @TempDir
    private Path directory;

    @Test
    void flagWinsOverEnvironmentOverFileOverDefault() throws IOException {
        file("http:\n  port: 1\n  host: a\n  threads: 3\n");
        var settings = Settings.read(
                List.of("--http.port=3"), Map.of("DREY_HTTP_PORT", "2", "DREY_HTTP_HOST", "b"), directory);
        assertThat(settings.integer("http.port", 0, 65_535)).isEqualTo(3);
        assertThat(settings.text("http.host")).isEqualTo("b");
        assertThat(settings.integer("http.threads", 0, 256)).isEqualTo(3);
        assertThat(settings.text("cluster.name")).isEqualTo("drey");
    }

    @Test
    void fileOfFlagWinsOverFileOfEnvironmentOverUsualFile() throws IOException {
        file("http.port: 1");
        Files.writeString(directory.resolve("two.yaml"), "http.port: 2");
        Files.writeString(directory.resolve("three.yaml"), "http.port: 3");
        var environment = Map.of("DREY_CONFIG", "two.yaml");
        assertThat(port(List.of(), Map.of())).isEqualTo(1);
        assertThat(port(List.of(), environment)).isEqualTo(2);
        assertThat(port(List.of("--config=" + directory.resolve("three.yaml")), environment))
                .isEqualTo(3);
    }

    @Test
    void emptyFileAndEmptySectionsAreLegal() throws IOException {
        for (var text : List.of("", "# nothing\n", "---\n", "http:\nstorage:\n  # lease: 1 s\n")) {
            file(text);
            assertThat(port(List.of(), Map.of())).as(text).isEqualTo(8_080);
        }
    }

    @Test
    void keyWithDashesHasVariableWithUnderscores() {
        var settings = settings(Map.of("DREY_EVENT_BUS_PORT", "7", "DREY_HTTP_TLS_KEY", ""));
        assertThat(settings.integer("event-bus.port", 1, 65_535)).isEqualTo(7);
        assertThat(settings.text("http.tls.key")).isEmpty();
    }

    @Test
    void sizesAndTimesAreReadWithTheirUnits() {
        assertThat(bytes("16 MiB")).isEqualTo(16 << 20);
        assertThat(bytes("16MiB")).isEqualTo(16 << 20);
        assertThat(bytes("1.5 KiB")).isEqualTo(1_536);
        assertThat(bytes("0")).isZero();
        assertThat(millis("10 s")).isEqualTo(10_000);
        assertThat(millis("2s")).isEqualTo(2_000);
        assertThat(millis("500 ms")).isEqualTo(500);
        assertThat(millis("5 min")).isEqualTo(300_000);
        assertThat(millis("24 h")).isEqualTo(86_400_000);
        assertThat(millis("7 d")).isEqualTo(604_800_000);
        assertThat(millis("3")).isEqualTo(3_000);
        assertThat(millis("0.25")).isEqualTo(250);
    }

    @Test
    void listIsReadFromYamlAndFromCommas() throws IOException {
        assertThat(settings(Map.of()).list("cluster.members")).isEmpty();
        file("cluster:\n  members: [\"a:1\", b:2]\nhttp:\n  cors-origins: x, y ,\n");
        var settings = Settings.read(List.of(), Map.of(), directory);
        assertThat(settings.list("cluster.members")).containsExactly("a:1", "b:2");
        assertThat(settings.list("http.cors-origins")).containsExactly("x", "y");
    }

    @Test
    void wrongValueNamesKeyValueOriginAndWhatIsAllowed() throws IOException {
        refused(
                () -> port(List.of(), Map.of("DREY_HTTP_PORT", "99999")),
                "http.port: \"99999\" (environment variable DREY_HTTP_PORT) is not allowed,"
                        + " expected a whole number from 0 to 65535");
        refused(
                () -> port(List.of("--http.port=x\ny"), Map.of()),
                "http.port: \"x?y\" (flag --http.port) is not allowed, expected a whole number from 0 to 65535");
        file("\nhttp:\n  port: 80 80\n");
        refused(
                () -> port(List.of(), Map.of()),
                "http.port: \"80 80\" (file conf/drey.yaml line 3) is not allowed,"
                        + " expected a whole number from 0 to 65535");
        file("http:\n  port: [1, 2]\n");
        refused(
                () -> port(List.of(), Map.of()),
                "http.port: \"1,2\" (file conf/drey.yaml line 2) is not allowed, expected one value, not a list");
    }

    @Test
    void wrongSizeTimeWordAndBooleanAreRefused() {
        for (var text : List.of("", "-1", "16 MB", "1 GiB 2", "0.3", "1e3", "99999999999999999 GiB", "5 GiB")) {
            refused(
                    () -> bytes(text),
                    "log.keep-bytes: \"" + text + "\" (environment variable DREY_LOG_KEEP_BYTES) is not allowed,"
                            + " expected bytes, or a number with KiB, MiB or GiB, from 0 bytes to 4 GiB");
        }
        for (var text : List.of("", "1 week", "0.5 ms", "-3", "40 d")) {
            refused(
                    () -> millis(text),
                    "log.keep-for: \"" + text + "\" (environment variable DREY_LOG_KEEP_FOR) is not allowed,"
                            + " expected a time such as 500 ms, 10 s, 5 min, 24 h or 7 d, from 0 ms to 30 d");
        }
        refused(
                () -> settings(Map.of("DREY_DURABILITY", "Fsync")).oneOf("durability", "fsync", "os"),
                "durability: \"Fsync\" (environment variable DREY_DURABILITY) is not allowed,"
                        + " expected one of fsync, os");
        refused(
                () -> settings(Map.of("DREY_METRICS_PUBLIC", "yes")).bool("metrics.public"),
                "metrics.public: \"yes\" (environment variable DREY_METRICS_PUBLIC) is not allowed,"
                        + " expected one of true, false");
    }

    @Test
    void unknownNamesAreRefusedWithTheNearestKnownOne() throws IOException {
        refused(
                () -> settings(Map.of("DREY_HTTP_PROT", "1")),
                "environment variable DREY_HTTP_PROT: unknown, did you mean DREY_HTTP_PORT?");
        refused(
                () -> port(List.of("--http.prot=1"), Map.of()),
                "flag \"--http.prot\": unknown, did you mean --http.port?");
        refused(() -> port(List.of("cluster"), Map.of()), "flag \"cluster\": unknown");
        refused(
                () -> port(List.of("--http.port"), Map.of()),
                "flag --http.port: the value is missing, write --http.port=VALUE");
        refused(() -> port(List.of("--config"), Map.of()), "flag --config: the value is missing, write --config=VALUE");
        file("http:\n  prot: 1\n");
        refused(
                () -> port(List.of(), Map.of()),
                "file conf/drey.yaml line 2: there is no key \"http.prot\", did you mean http.port?");
        file("xyzzyqwertyuiop:\n");
        refused(() -> port(List.of(), Map.of()), "file conf/drey.yaml line 1: \"xyzzyqwertyuiop\" is no key");
    }

    @Test
    void brokenFilesAreRefusedWithTheirLine() throws IOException {
        file("http:\n  port: 1\n  host: a\n  port: 2\n");
        refused(() -> port(List.of(), Map.of()), "file conf/drey.yaml line 4: \"http.port\" is there twice");
        file("http:\n  port: 1\ndata:\nhttp:\n");
        refused(() -> port(List.of(), Map.of()), "file conf/drey.yaml line 4: \"http\" is there twice");
        file("http:\n  port:\n");
        refused(
                () -> port(List.of(), Map.of()),
                "file conf/drey.yaml line 2: \"http.port\" has no value, an empty one is written \"\"");
        file("- a\n");
        refused(
                () -> port(List.of(), Map.of()),
                "file conf/drey.yaml line 1: expected keys with values, such as \"http:\"");
        file("cluster:\n  members:\n  - a: 1\n");
        refused(
                () -> port(List.of(), Map.of()),
                "file conf/drey.yaml line 3: \"cluster.members\" must be a plain value or a list of plain values");
        file("cluster:\n  name: &n x\n  host: *n\n");
        refused(
                () -> port(List.of(), Map.of()),
                "file conf/drey.yaml line 3: \"cluster.host\" must be a plain value or a list of plain values");
        file("data:\n  dir: a\n---\nx: 1\n");
        refused(() -> port(List.of(), Map.of()), "file conf/drey.yaml line 4: expected one document only");
        for (var text :
                List.of("http:\n  port: 1\n host: 2\n", "http:\n\tport: 1\n", "a: [1\n", "a: \"x\n", "a: @\n")) {
            file(text);
            assertThatThrownBy(() -> port(List.of(), Map.of()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageMatching("file conf/drey.yaml line [1-4]: broken YAML: .{5,}");
        }
        file("a: \u0001\n");
        assertThatThrownBy(() -> port(List.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageMatching("file conf/drey.yaml: broken YAML: .{5,}");
        Files.write(directory.resolve("conf/drey.yaml"), new byte[] {(byte) 0xff, 10});
        refused(() -> port(List.of(), Map.of()), "file conf/drey.yaml: the text is not UTF-8");
    }

    @Test
    void missingNamedFileIsRefused() {
        refused(() -> port(List.of("--config=no.yaml"), Map.of()), "file no.yaml: there is no such file");
        refused(() -> settings(Map.of("DREY_CONFIG", "no.yaml")), "file no.yaml: there is no such file");
    }

    @Test
    void adminTokenShowsNowhere() {
        var settings = settings(Map.of("DREY_ADMIN_TOKEN", "s3cret", "DREY_JAVA_OPTS", "-Xmx1g"));
        assertThat(settings.adminToken()).contains("s3cret");
        assertThat(settings.toString()).doesNotContain("s3cret");
        assertThat(settings(Map.of("DREY_ADMIN_TOKEN", "")).adminToken()).isEmpty();
        refused(
                () -> settings(Map.of("DREY_ADMIN_TOKN", "s3cret")),
                "environment variable DREY_ADMIN_TOKN: unknown, did you mean DREY_ADMIN_TOKEN?");
    }

    @Test
    void storageUrlOfAnotherDatabaseIsRefusedWithoutItsPassword() {
        refused(
                () -> settings(Map.of("DREY_STORAGE_URL", "mysql://drey:s3/cret@db/drey?password=s3cret")),
                "storage.url: \"mysql://drey:***@db/drey?password=***\" (environment variable DREY_STORAGE_URL)"
                        + " is not allowed, expected postgresql://user:password@host:port/database, or nothing"
                        + " (SQLite in data.dir)");
    }

    @Test
    void clusterWithoutASharedStoreIsRefused() {
        refused(
                () -> settings(Map.of("DREY_CLUSTER_ENABLED", "true")),
                "cluster.enabled: \"true\" (environment variable DREY_CLUSTER_ENABLED) is not allowed, expected false:"
                        + " SQLite serves one node, several need storage.url");
    }

    @Test
    void certificateWithoutKeyIsRefused() {
        refused(
                () -> settings(Map.of("DREY_HTTP_TLS_CERTIFICATE", "a.pem")),
                "http.tls.key: \"\" (default) is not allowed, expected a PEM file:"
                        + " http.tls.certificate and http.tls.key are set both or none");
    }

    @Test
    void askingForKeyThatDoesNotExistIsDefect() {
        assertThatIllegalArgumentException().isThrownBy(() -> settings(Map.of()).text("no.such.key"));
    }

    private void file(String text) throws IOException {
        Files.createDirectories(directory.resolve("conf"));
        Files.writeString(directory.resolve("conf/drey.yaml"), text);
    }

    private int port(List<String> flags, Map<String, String> environment) {
        return Settings.read(flags, environment, directory).integer("http.port", 0, 65_535);
    }

    private Settings settings(Map<String, String> environment) {
        return Settings.read(List.of(), environment, directory);
    }

    private long bytes(String text) {
        return settings(Map.of("DREY_LOG_KEEP_BYTES", text)).bytes("log.keep-bytes", 0, 4L << 30);
    }

    private long millis(String text) {
        return settings(Map.of("DREY_LOG_KEEP_FOR", text)).duration("log.keep-for", 0, 30L * 86_400_000);
    }

    private static void refused(ThrowingCallable call, String message) {
        assertThatThrownBy(call).isInstanceOf(ConfigException.class).hasMessage(message);
    }
}
