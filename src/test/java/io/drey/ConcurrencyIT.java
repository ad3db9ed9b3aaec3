// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static io.drey.TestNode.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Many clients on the same records: each step is atomic, nothing is lost or done twice. */
class ConcurrencyIT {
    private static final int SIDE_BY_SIDE = 100;

    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    private final CheckedClient client = NODE.client();
    private final String store = NODE.store();

    @Test
    void tenThousandIncrementsAreExact() {
        var path = store + "/records/counter";
        var values = send(10_000, i -> client.postAsync(path + "/increment", "{}")).stream()
                .map(reply -> reply.json().get("value").asInt())
                .sorted()
                .toList();
        assertThat(values).isEqualTo(IntStream.rangeClosed(1, 10_000).boxed().toList());
        assertThat(client.get(path).text()).isEqualTo("10000");
    }

    @Test
    void oneOfAThousandGetOrCreatesCreates() {
        var path = store + "/records/one";
        var replies = send(1_000, i -> client.postAsync(path + "/get-or-create", "{\"value\":" + i + "}"));
        assertThat(replies)
                .filteredOn(reply -> reply.json().get("created").asBoolean())
                .hasSize(1);
        assertThat(replies)
                .extracting(reply -> reply.json().get("value").asInt())
                .containsOnly(client.get(path).json().asInt());
        assertThat(replies)
                .extracting(Reply::version)
                .containsOnly(client.get(path).version());
    }

    @Test
    void oneOfManyConditionalPutsWins() {
        var path = store + "/records/race";
        var created =
                send(200, i -> client.putAsync(path, ("" + i).getBytes(), "application/json", "If-None-Match", "*"));
        assertThat(created).filteredOn(reply -> reply.status() == 201).hasSize(1);
        var tag = client.get(path).etag();
        var replaced = send(200, i -> client.putAsync(path, ("" + i).getBytes(), "application/json", "If-Match", tag));
        assertThat(replaced).filteredOn(reply -> reply.status() == 204).hasSize(1);
        assertThat(replaced).filteredOn(reply -> reply.status() == 412).hasSize(199);
    }

    /** Money moves between accounts in atomic batches; whoever looks at all of them at one instant sees the same sum. */
    @Test
    void transfersKeepTheSum() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        var random = new Random(seed);
        int accounts = 8;
        var open = new ArrayList<String>();
        var look = new ArrayList<String>();
        for (int i = 0; i < accounts; i++) {
            open.add("{'op':'put','key':'a" + i + "','value':100}");
            look.add("{'op':'get','key':'a" + i + "'}");
        }
        assertThat(client.post(store + "/batch", batch(open)).status()).isEqualTo(200);
        var replies = send(600, i -> {
            if (i % 3 == 0) {
                return client.postAsync(store + "/batch", batch(look));
            }
            int from = random.nextInt(accounts);
            int to = (from + 1 + random.nextInt(accounts - 1)) % accounts;
            int amount = random.nextInt(50);
            return client.postAsync(
                    store + "/batch",
                    batch(List.of(
                            "{'op':'increment','key':'a" + from + "','by':-" + amount + "}",
                            "{'op':'increment','key':'a" + to + "','by':" + amount + "}")));
        });
        assertThat(replies).as("seed %d", seed).allSatisfy(reply -> {
            assertThat(reply.status()).as("%s", reply).isEqualTo(200);
            var results = reply.json().get("results");
            if (results.size() == accounts) {
                int sum = 0;
                for (var result : results) {
                    sum += result.get("value").asInt();
                }
                assertThat(sum).isEqualTo(100 * accounts);
            }
        });
    }

    private static String batch(List<String> operations) {
        return json("{'atomic':true,'operations':[" + String.join(",", operations) + "]}");
    }

    /** Sends this many requests, a bounded number at once. */
    private static List<Reply> send(int number, IntFunction<CompletableFuture<Reply>> request) {
        var room = new Semaphore(SIDE_BY_SIDE);
        var sent = new ArrayList<CompletableFuture<Reply>>();
        for (int i = 0; i < number; i++) {
            room.acquireUninterruptibly();
            sent.add(request.apply(i).whenComplete((reply, failure) -> room.release()));
        }
        return sent.stream().map(CompletableFuture::join).toList();
    }
}
