// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Durability;
import io.drey.ledger.postgres.Postgres;
import io.drey.ledger.postgres.PostgresConfig;
import io.drey.ledger.sqlite.Sqlite;
import io.drey.ledger.sqlite.SqliteConfig;
import io.drey.local.LocalPostgres;
import io.drey.model.Ttl;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code run.sh copy} as an operator meets it: from one node's database into that of a cluster. */
class CopyCommandIT {
    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final long LEASE_MILLIS = 3_000;

    @TempDir
    private Path directory;

    @Test
    void whatOneNodeHasAClusterHasAfterwards() throws Exception {
        var data = directory.resolve("data");
        try (var ledger = Sqlite.open(new SqliteConfig(data, Durability.OS, 1, 0))) {
            var account = ledger.directory()
                    .account("admin", true)
                    .toCompletableFuture()
                    .join();
            var settings = new StoreSettings("nuts", null, Ttl.NONE, -1, -1, "FOLLOW_USER_SETTING");
            ledger.directory()
                    .createStore(new NewStore("abcdefghijklmnopq", account, settings, ledger.now()), null)
                    .toCompletableFuture()
                    .join();
        }
        try (var postgres =
                new LocalPostgres(directory.resolve("postgres"), HOME.resolve("target/postgres"), freePort())) {
            var url = postgres.start();
            assertThat(run("--from=" + data, "--to=" + url)).isZero();
            try (var ledger = Postgres.open(new PostgresConfig(url, Durability.FSYNC, LEASE_MILLIS, 1))) {
                var store = ledger.directory().storeById("abcdefghijklmnopq");
                assertThat(store.toCompletableFuture().join().settings().name()).isEqualTo("nuts");
            }
            assertThat(run("--from=" + data, "--to=" + url)).isEqualTo(1);
        }
    }

    private int run(String... flags) throws Exception {
        var command = new ProcessBuilder(HOME.resolve("run.sh").toString(), "copy", flags[0], flags[1])
                .redirectErrorStream(true)
                .start();
        var printed = new String(command.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        System.out.println(printed);
        assertThat(command.waitFor(1, TimeUnit.MINUTES)).as(printed).isTrue();
        return command.exitValue();
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
