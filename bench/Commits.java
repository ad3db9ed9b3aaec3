// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

import io.drey.ledger.Claims.Node;
import io.drey.ledger.Commit;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.Verdict;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.postgres.Postgres;
import io.drey.ledger.postgres.PostgresConfig;
import io.drey.model.Change;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Commits per second of a PostgreSQL ledger alone by the number of records in each, one commit at a time as a node makes
 * them: records of 100 bytes, overwritten at random among 100,000. Arguments: URL, rounds, seconds for each size; one
 * line for each size and round, {@code SIZE RATE}.
 */
public final class Commits {
    private static final int[] SIZES = {1, 20, 100, 500};
    private static final int KEYS = 100_000;
    private static final int PARTITIONS = 271;

    private final Ledger ledger;
    private final Store store;
    private final Map<Integer, Long> epochs;
    private final long[] versions = new long[KEYS];
    private final Random random = new Random(1);
    private long operations;

    private Commits(String url) throws Exception {
        ledger = Postgres.open(new PostgresConfig(url, Durability.FSYNC, 5_000, 1));
        long incarnation = await(ledger.claims().join(new Node("bench", "", "")));
        epochs = await(ledger.claims()
                .claim(incarnation, IntStream.range(0, PARTITIONS).boxed().toList()));
        var account = await(ledger.directory().account("bench", true));
        var settings = new StoreSettings("commits", null, 0, -1, -1, null);
        store = await(ledger.directory().createStore(new NewStore("commits", account, settings, ledger.now()), null))
                .value();
    }

    public static void main(String[] arguments) throws Exception {
        var commits = new Commits(arguments[0]);
        int rounds = Integer.parseInt(arguments[1]);
        double seconds = Double.parseDouble(arguments[2]);
        commits.load();
        // Round 0 only warms up.
        for (int round = 0; round <= rounds; round++) {
            for (int size : SIZES) {
                double rate = commits.rate(size, seconds);
                if (round > 0) {
                    System.out.printf("%d %.1f%n", size, rate);
                }
            }
        }
        commits.ledger.close();
    }

    private void load() throws Exception {
        int size = SIZES[SIZES.length - 1];
        for (int first = 0; first < KEYS; first += size) {
            commit(IntStream.range(first, first + size).toArray());
        }
    }

    private double rate(int size, double seconds) throws Exception {
        long begun = System.nanoTime();
        long elapsed = 0;
        int count = 0;
        while (elapsed < seconds * 1e9) {
            commit(random.ints(0, KEYS).distinct().limit(size).toArray());
            count++;
            elapsed = System.nanoTime() - begun;
        }
        return count / (elapsed / 1e9);
    }

    private void commit(int[] numbers) throws Exception {
        var records = new ArrayList<RecordCommit>(numbers.length);
        for (int number : numbers) {
            records.add(record(number));
        }
        List<Verdict> verdicts = await(ledger.records().commit(new Commit(records, List.of(), null)))
                .records();
        for (int i = 0; i < numbers.length; i++) {
            if (!(verdicts.get(i) instanceof Committed committed)) {
                throw new IllegalStateException("Key " + numbers[i] + ": " + verdicts.get(i));
            }
            versions[numbers[i]] = committed.firstPosition();
        }
    }

    private RecordCommit record(int number) {
        var text = String.format("k%08d", number);
        var key = new RecordKey(store.space(), text.getBytes(StandardCharsets.UTF_8));
        var value = String.format("{\"id\":\"%s\",\"text\":\"%s\"}", text, "x".repeat(72))
                .getBytes(StandardCharsets.UTF_8);
        long now = ledger.now();
        var next = new Entry(new Value.Inline(value), "application/json", Entry.PENDING, now, now, Entry.NEVER);
        boolean isNew = versions[number] == Entry.PENDING;
        Change change = isNew ? new Change.Created(next, "put", now) : new Change.Updated(next, "put", now);
        int partition = key.partition(PARTITIONS);
        var step = new Step(change, ++operations, null);
        return new RecordCommit(
                key, partition, epochs.get(partition), versions[number], isNew ? 0 : value.length, next, List.of(step));
    }

    private static <T> T await(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
