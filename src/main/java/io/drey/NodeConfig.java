// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import io.drey.cluster.ClusterConfig;
import io.drey.config.Settings;
import io.drey.http.HttpConfig;
import io.drey.http.HttpLimits;
import io.drey.ledger.Durability;
import io.drey.ledger.postgres.PostgresConfig;
import io.drey.ledger.sqlite.SqliteConfig;
import io.drey.member.MemberConfig;
import io.drey.model.Limits;
import io.drey.partition.PartitionConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** The settings of every part, each with its bounds, made from the one configuration. */
record NodeConfig(
        Path dataDirectory,
        SqliteConfig sqlite,
        Optional<PostgresConfig> postgres,
        MemberConfig member,
        ClusterConfig cluster,
        PartitionConfig partitions,
        HttpConfig http,
        Maintenance.Config maintenance,
        Optional<String> adminToken) {
    private static final int LOAD_CALLS = 16;
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final long SECOND = 1_000;
    private static final long MINUTE = 60 * SECOND;
    private static final long HOUR = 60 * MINUTE;
    private static final long DAY = 24 * HOUR;
    private static final Path CLUSTER_FILE = Path.of(System.getProperty("drey.home", ""), "cluster.xml");

    static NodeConfig of(Settings settings) {
        var directory = Path.of(settings.text("data.dir")).toAbsolutePath().normalize();
        var durability =
                Durability.valueOf(settings.oneOf("durability", "fsync", "os").toUpperCase(Locale.ROOT));
        int readers = settings.integer("storage.readers", 1, 64);
        var limits = limits(settings);
        return new NodeConfig(
                directory,
                new SqliteConfig(directory, durability, readers, settings.bytes("storage.reserve-bytes", 0, GIB)),
                postgres(settings, durability, readers),
                new MemberConfig(lease(settings)),
                cluster(settings),
                partitions(settings, loadCalls(settings, readers), limits.json()),
                http(settings, durability, limits),
                maintenance(settings),
                settings.adminToken());
    }

    private static Optional<PostgresConfig> postgres(Settings settings, Durability durability, int readers) {
        var url = settings.text("storage.url");
        return url.isEmpty()
                ? Optional.empty()
                : Optional.of(new PostgresConfig(url, durability, lease(settings), readers));
    }

    private static long lease(Settings settings) {
        return settings.duration("storage.lease", SECOND / 2, MINUTE);
    }

    private static HttpLimits limits(Settings settings) {
        var json = new Limits(
                (int) settings.bytes("limits.json-bytes", KIB, 256 * MIB),
                settings.integer("limits.json-depth", 10, 1_000),
                settings.integer("limits.number-exponent", 1, 10_000),
                settings.integer("limits.number-digits", 20, 100_000));
        return new HttpLimits(
                settings.bytes("limits.record-bytes", KIB, GIB),
                settings.integer("limits.key-bytes", 1, 512),
                settings.integer("limits.batch-operations", 1, 100_000),
                (int) settings.bytes("limits.batch-bytes", KIB, GIB),
                settings.integer("limits.atomic-operations", 1, 1_000),
                settings.integer("limits.page-items", 1, 10_000),
                settings.bytes("limits.page-bytes", KIB, 256 * MIB),
                (int) settings.bytes("limits.request-line-bytes", KIB, MIB),
                (int) settings.bytes("limits.header-bytes", KIB, MIB),
                json);
    }

    private static ClusterConfig cluster(Settings settings) {
        return new ClusterConfig(
                settings.bool("cluster.enabled"),
                settings.text("cluster.name"),
                settings.text("cluster.host"),
                settings.integer("cluster.port", 1, 65_535),
                settings.integer("event-bus.port", 1, 65_535),
                settings.list("cluster.members"),
                Files.isReadable(CLUSTER_FILE) ? CLUSTER_FILE : null);
    }

    /** SQLite works on one call for each connection; PostgreSQL takes several down one connection, each worth a wait. */
    private static int loadCalls(Settings settings, int readers) {
        return settings.text("storage.url").isEmpty() ? readers : LOAD_CALLS;
    }

    private static PartitionConfig partitions(Settings settings, int loadCalls, Limits limits) {
        long memory = settings.bytes("memory.records", 0, 1024 * GIB);
        return new PartitionConfig(
                writeTimeout(settings),
                memory > 0 ? memory : Runtime.getRuntime().maxMemory() / 5 * 2,
                settings.integer("memory.heads-max", 1_000, 100_000_000),
                loadCalls,
                settings.bytes("limits.batch-bytes", KIB, GIB),
                limits);
    }

    private static long writeTimeout(Settings settings) {
        return settings.duration("http.write-timeout", 10, 10 * MINUTE);
    }

    private static HttpConfig http(Settings settings, Durability durability, HttpLimits limits) {
        int threads = settings.integer("http.threads", 0, 256);
        return new HttpConfig(
                settings.text("http.host"),
                settings.integer("http.port", 0, 65_535),
                threads > 0 ? threads : Runtime.getRuntime().availableProcessors(),
                writeTimeout(settings),
                settings.duration("http.request-timeout", 100, HOUR),
                settings.duration("http.idle-timeout", SECOND, DAY),
                settings.duration("http.shutdown-timeout", 0, 25 * SECOND),
                settings.integer("http.connections-max", 1, 1_000_000),
                settings.integer("http.in-flight-max", 1, 1_000_000),
                settings.list("http.cors-origins"),
                settings.bool("http.compression"),
                readable(settings, "http.tls.certificate"),
                readable(settings, "http.tls.key"),
                settings.bool("metrics.public"),
                durability,
                limits);
    }

    private static String readable(Settings settings, String key) {
        var file = settings.text(key);
        if (!file.isEmpty() && !Files.isReadable(Path.of(file))) {
            throw settings.refuse(key, "a PEM file that can be read");
        }
        return file;
    }

    private static Maintenance.Config maintenance(Settings settings) {
        return new Maintenance.Config(
                settings.duration("log.keep-for", MINUTE, 3650 * DAY),
                settings.bytes("log.keep-bytes", MIB, 1024 * GIB),
                settings.duration("idempotency.window", MINUTE, 3650 * DAY));
    }
}
