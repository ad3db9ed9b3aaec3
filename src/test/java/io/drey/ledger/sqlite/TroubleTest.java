// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.drey.ledger.LedgerException.Full;
import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.Records.Listing;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damage and lack of room while the ledger runs. */
class TroubleTest {
    private static final String MARK = "what was written is what is read";

    @TempDir
    Path directory;

    @Test
    void damagedValueIsNeverServedAndEndsTheWork() throws IOException {
        try (var bench = new Bench(directory)) {
            bench.put("a", MARK.getBytes(StandardCharsets.UTF_8));
            bench.put("b", new byte[1]);
        }
        flip(MARK);
        try (var bench = new Bench(directory)) {
            assertThat(bench.holds("b")).isTrue();
            assertThatThrownBy(() -> bench.load("a")).isInstanceOf(Unavailable.class);
            assertThat(bench.ledger.status().reachable()).isFalse();
            assertThat(bench.ledger.status().trouble()).contains("damaged").contains("backup");
            assertThatThrownBy(() -> bench.load("b")).isInstanceOf(Unavailable.class);
            assertThatThrownBy(() -> Bench.await(bench.ledger.directory().account("new", true)))
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void damagedValueInTheLogIsNeverServed() throws IOException {
        try (var bench = new Bench(directory)) {
            bench.put("a", MARK.getBytes(StandardCharsets.UTF_8));
            bench.delete("a");
        }
        flip(MARK);
        try (var bench = new Bench(directory)) {
            assertThat(Bench.await(bench.ledger.log().read(0, 0, 10, false))).hasSize(3);
            assertThatThrownBy(() -> Bench.await(bench.ledger.log().read(0, 0, 10, true)))
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void damagedMetadataIsFoundInListingsWithoutValues() throws IOException {
        try (var bench = new Bench(directory)) {
            bench.put("a", new byte[1]);
        }
        flip("text/plain");
        try (var bench = new Bench(directory)) {
            var listing = new Listing(bench.store.space(), new byte[0], null, null, 10, false, 0);
            assertThatThrownBy(() -> Bench.await(bench.ledger.records().list(listing)))
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void damagedChunkIsNeverServed() throws IOException {
        long id;
        try (var bench = new Bench(directory)) {
            byte[] value = MARK.repeat(10_000).getBytes(StandardCharsets.UTF_8);
            bench.put("a", value);
            id = ((io.drey.model.Value.Stored) bench.load("a").value()).id();
        }
        flip(MARK);
        try (var bench = new Bench(directory)) {
            assertThatThrownBy(() -> Bench.await(bench.ledger.payloads().read(id, 0)))
                    .isInstanceOf(Unavailable.class);
        }
    }

    @Test
    void fullDiskRefusesWritesButDeletesReadsAndHealsByItself() {
        try (var bench = new Bench(directory)) {
            limitPages(bench, 200);
            int count = fill(bench);
            assertThat(bench.ledger.status().full()).isTrue();
            assertThat(bench.ledger.status().reachable()).isTrue();
            assertThat(bench.ledger.status().trouble()).contains("disk is full");
            assertThat(directory.resolve(Reserve.FILE)).doesNotExist();
            assertThatThrownBy(() -> Bench.await(bench.ledger.payloads().begin()))
                    .isInstanceOf(Full.class);
            assertThat(bench.holds("k0")).isTrue();
            assertThat(Bench.isDone(bench.delete("k0"))).isTrue();
            assertThat(bench.holds("k0")).isFalse();
            assertThat(bench.holds("k" + (count - 1))).isTrue();
            assertThat(bench.holds("k" + count)).isFalse();
            limitPages(bench, 100_000);
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> !bench.ledger.status().full());
            assertThat(directory.resolve(Reserve.FILE)).hasSize(Bench.RESERVE_BYTES);
            assertThat(Bench.isDone(bench.put("later", new byte[100]))).isTrue();
        }
    }

    @Test
    void deletionThatMeetsTheFullDiskFirstIsRepeatedWithTheReserve() {
        try (var bench = new Bench(directory)) {
            limitPages(bench, 200);
            int count = fill(bench);
            for (int i = 0; i < count; i++) {
                assertThat(Bench.isDone(bench.delete("k" + i))).isTrue();
            }
        }
    }

    private static int fill(Bench bench) {
        for (int i = 0; ; i++) {
            try {
                bench.put("k" + i, new byte[20_000]);
            } catch (Full e) {
                return i;
            }
        }
    }

    private static void limitPages(Bench bench, int pages) {
        Bench.await(bench.ledger.writer().commit(false, turn -> {
            turn.session().run("pragma max_page_count = " + pages);
            return null;
        }));
    }

    /** Changes a bit in the middle of each place where the file holds this text. */
    private void flip(String text) throws IOException {
        Path file = directory.resolve(Connections.FILE);
        byte[] bytes = Files.readAllBytes(file);
        String latin = new String(bytes, StandardCharsets.ISO_8859_1);
        int found = 0;
        for (int at = latin.indexOf(text); at >= 0; at = latin.indexOf(text, at + 1)) {
            bytes[at + text.length() / 2] ^= 4;
            found++;
        }
        assertThat(found).isPositive();
        Files.write(file, bytes);
    }
}
