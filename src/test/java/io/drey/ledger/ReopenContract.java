// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What outlives a close, and what a close does. */
abstract class ReopenContract extends LedgerFixture {
    @Test
    void everythingIsKept() throws Exception {
        put("a", "1");
        put("a", "2");
        delete(key("b2"), "x");
        byte[] bytes = random(300_000);
        put(key("large"), upload(bytes));
        await(ledger.answers().remember(answer("k", 0, "kept")));
        var history = positions(history("a"));
        var before = fresh();
        reopen();
        assertThat(fresh()).isEqualTo(before);
        assertThat(string(load(key("a")))).isEqualTo("2");
        assertThat(load(key("b2"))).isNull();
        assertThat(download((Value.Stored) load(key("large")).value())).isEqualTo(bytes);
        assertThat(positions(history("a"))).isEqualTo(history);
        assertThat(history("b2")).hasSize(2);
        assertThat(await(ledger.answers().find(1, "k", 0)).content()).isEqualTo(utf8("kept"));
    }

    @Test
    void positionsGoOnGrowing() throws Exception {
        long last = put("a", "1");
        reopen();
        long next = put("b", "1");
        assertThat(next).isGreaterThan(last);
        trimAll();
        reopen();
        assertThat(put("c", "1")).isGreaterThan(next);
    }

    @Test
    void timeDoesNotGoBack() throws Exception {
        long future = ledger.now() + 3_600_000;
        var step = new Commit.Step(new io.drey.model.Change.Created(entry("1"), "put", future), 1, null);
        verdict(record(key("a"), null, entry("1"), List.of(step)));
        reopen();
        assertThat(ledger.now()).isGreaterThanOrEqualTo(future);
    }

    @Test
    void callsAfterCloseFail() {
        ledger.close();
        assertThatThrownBy(() -> put("a", "1")).isInstanceOf(LedgerException.Unavailable.class);
        assertThatThrownBy(() -> await(ledger.directory().account("admin", true)))
                .isInstanceOf(LedgerException.Unavailable.class);
        assertThatThrownBy(() -> await(ledger.payloads().sweep(1))).isInstanceOf(LedgerException.Unavailable.class);
        assertThat(ledger.status().reachable()).isFalse();
    }

    @Test
    void callsBeforeCloseAreFinished() throws Exception {
        var stages = new ArrayList<CompletionStage<CommitResult>>();
        for (int i = 0; i < 50; i++) {
            var commit = new Commit(List.of(chain(key("k" + i), null, entry("1"))), List.of(), null);
            stages.add(ledger.records().commit(commit));
        }
        reopen();
        stages.forEach(LedgerFixture::await);
        assertThat(load(key("k49"))).isNotNull();
        assertThat(fresh().records()).isEqualTo(50);
    }

    @Test
    void closingTwiceIsHarmless() {
        ledger.close();
        ledger.close();
    }

    @Test
    void statusOfAHealthyLedgerHasNoTrouble() {
        put("a", "1");
        var status = ledger.status();
        assertThat(status.reachable()).isTrue();
        assertThat(status.full()).isFalse();
        assertThat(status.trouble()).isNull();
        assertThat(status.usedBytes()).isPositive();
    }

    private void delete(io.drey.model.RecordKey key, String value) {
        put(key, value);
        delete(key);
    }
}
