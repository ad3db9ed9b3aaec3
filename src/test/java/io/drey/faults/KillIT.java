// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server again and again under load and at its start. Clients repeat what was not answered under the same
 * idempotency key; after each restart everything that was ever acknowledged is held against what the store has: keys
 * and their histories, counts, stores, imports, and the answers to repeated requests. The number of kills is the system
 * property {@code drey.kills}.
 */
class KillIT {
    private static final int CLIENTS = 8;
    private static final int REPEATS = 50;

    private final long seed = Long.getLong("drey.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    Path directory;

    @Test
    void nothingAcknowledgedIsLostOrDoneTwiceWhenTheServerIsKilled() throws Exception {
        System.out.println("KillIT: -Ddrey.seed=" + seed);
        try (var server = new ServerProcess(directory).with("--memory.records=256KiB", "--memory.heads-max=1000")) {
            server.start();
            makeStore(server);
            var load = new KillLoad(server);
            int kills = Integer.getInteger("drey.kills", 20);
            while (kills > 0) {
                kills -= round(server, load);
                check(server, load);
            }
            server.stop();
            server.start();
            check(server, load);
        }
    }

    /** Answers how often it has killed. */
    private int round(ServerProcess server, KillLoad load) throws Exception {
        int kills = 1;
        var executor = Executors.newFixedThreadPool(CLIENTS);
        try {
            load.resume();
            load.isDown();
            var clients = new ArrayList<Future<?>>();
            for (int i = 0; i < CLIENTS; i++) {
                long clientSeed = random.nextLong();
                clients.add(executor.submit(() -> {
                    load.run(clientSeed);
                    return null;
                }));
            }
            load.await(1 + random.nextInt(1_000));
            server.kill();
            if (random.nextBoolean()) {
                server.launch();
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(1_500)));
                server.kill();
                kills++;
            }
            server.start();
            load.isUp();
            load.await(100);
            load.finish();
            for (var done : clients) {
                done.get(2, TimeUnit.MINUTES);
            }
        } finally {
            load.finish();
            executor.shutdownNow();
        }
        return kills;
    }

    private static void makeStore(ServerProcess server) throws IOException {
        try (var client = server.client()) {
            assertThat(client.post("/v1/stores", "{\"name\":\"kill\"}").status())
                    .isEqualTo(201);
        }
    }

    private void check(ServerProcess server, KillLoad load) throws IOException {
        try (var client = server.client()) {
            check(client, load);
        }
    }

    private void check(WireClient client, KillLoad load) throws IOException {
        for (var audit : load.audits().values()) {
            audit.check(client, KillLoad.STORE);
        }
        checkImports(client, load);
        checkRemembered(client, load);
        checkCounts(client);
        checkStores(client, load);
    }

    private static void checkImports(WireClient client, KillLoad load) throws IOException {
        for (String prefix; (prefix = load.imported().poll()) != null; ) {
            assertThat(list(client, prefix)).as(prefix).hasSize(KillLoad.LINES);
            assertThat(operations(client, prefix)).as(prefix).containsExactly("put");
        }
        for (String prefix; (prefix = load.removed().poll()) != null; ) {
            assertThat(list(client, prefix)).as(prefix).isEmpty();
            assertThat(operations(client, prefix)).as(prefix).containsExactly("delete", "put");
        }
    }

    private static ArrayList<String> operations(WireClient client, String prefix) throws IOException {
        int line = Math.floorMod(prefix.hashCode(), KillLoad.LINES);
        var operations = new ArrayList<String>();
        client.get(KillLoad.STORE + "/records/" + prefix + line + "/history")
                .json()
                .path("items")
                .forEach(item -> operations.add(item.path("operation").asText()));
        return operations;
    }

    private void checkRemembered(WireClient client, KillLoad load) throws IOException {
        var answers = new ArrayList<>(load.answers());
        Collections.shuffle(answers, random);
        for (var answered : answers.subList(0, Math.min(REPEATS, answers.size()))) {
            var again = answered.request().send(client);
            var first = answered.reply();
            assertThat(again.header("Idempotency-Replayed"))
                    .as("%s: %s", answered.request(), again)
                    .contains("true");
            assertThat(again.status()).as("%s", answered.request()).isEqualTo(first.status());
            assertThat(again.text()).as("%s", answered.request()).isEqualTo(first.text());
            assertThat(again.header("ETag")).isEqualTo(first.header("ETag"));
            assertThat(again.header("Location")).isEqualTo(first.header("Location"));
        }
    }

    private static void checkCounts(WireClient client) throws IOException {
        var records = list(client, "");
        var store = client.get(KillLoad.STORE).json();
        assertThat(store.path("records").asLong()).isEqualTo(records.size());
        assertThat(store.path("bytes").asLong())
                .isEqualTo(records.stream()
                        .mapToLong(item -> item.path("size").asLong())
                        .sum());
    }

    private static void checkStores(WireClient client, KillLoad load) throws IOException {
        var names = new HashSet<String>();
        int offset = 0;
        while (true) {
            var page = client.get("/v1/stores?unnamed=true&limit=1000&offset=" + offset)
                    .json();
            page.path("items")
                    .forEach(store -> names.add(store.path("name").asText() + "/"
                            + store.path("title").asText()));
            offset += page.path("items").size();
            if (offset >= page.path("total").asInt()) {
                break;
            }
        }
        assertThat(names).hasSize(load.stores() + 1);
        assertThat(offset).isEqualTo(load.stores() + 1);
    }

    private static ArrayList<JsonNode> list(WireClient client, String prefix) throws IOException {
        var items = new ArrayList<JsonNode>();
        var after = "";
        while (true) {
            var page = client.get(KillLoad.STORE + "/records?limit=1000&prefix=" + prefix + after)
                    .json();
            page.path("items").forEach(items::add);
            if (page.path("next").isNull()) {
                return items;
            }
            after = "&after=" + page.path("next").asText();
        }
    }
}
