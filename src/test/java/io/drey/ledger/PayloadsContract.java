// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.PayloadGone;
import io.drey.ledger.CommitResult.Stale;
import io.drey.model.Entry;
import io.drey.model.Value;
import org.junit.jupiter.api.Test;

/** Large values. */
abstract class PayloadsContract extends LedgerFixture {
    private static final int LARGE = 2 * Payloads.CHUNK_BYTES + 17;

    @Test
    void uploadIsBoundByACommitAndReadBack() {
        byte[] bytes = random(LARGE);
        put(key("a"), upload(bytes));
        var value = (Value.Stored) load(key("a")).value();
        assertThat(value.size()).isEqualTo(LARGE);
        assertThat(download(value)).isEqualTo(bytes);
        assertThat(fresh().bytes()).isEqualTo(LARGE);
        assertThat(((Value.Stored) history("a").get(0).value()).id()).isEqualTo(value.id());
    }

    @Test
    void largeInlineValueIsKeptInChunks() {
        byte[] bytes = random(LARGE);
        var entry = entry(new Value.Inline(bytes));
        var committed = (Committed) verdict(chain(key("a"), null, entry));
        var value = (Value.Stored) committed.value();
        assertThat(download(value)).isEqualTo(bytes);
        assertThat(load(key("a")).value()).isEqualTo(value);
        assertThat(history("a").get(0).value()).isEqualTo(value);
    }

    @Test
    void valueAtTheBoundStaysInline() {
        byte[] bytes = random(Payloads.INLINE_BYTES_MAX);
        put(key("a"), new Value.Inline(bytes));
        assertThat(((Value.Inline) load(key("a")).value()).bytes()).isEqualTo(bytes);
    }

    @Test
    void smallPayloadIsKeptToo() {
        byte[] bytes = random(10);
        put(key("a"), upload(bytes));
        assertThat(download((Value.Stored) load(key("a")).value())).isEqualTo(bytes);
        put("a", "inline");
        assertThat(string(load(key("a")))).isEqualTo("inline");
        put(key("a"), upload(random(20)));
        delete(key("a"));
        assertThat(fresh().bytes()).isZero();
    }

    @Test
    void emptyPayloadIsLegal() {
        put(key("a"), upload(random(0)));
        assertThat(load(key("a")).value().size()).isZero();
    }

    @Test
    void staleLargeValueLeavesTheOldOne() {
        byte[] bytes = random(LARGE);
        put(key("a"), new Value.Inline(bytes));
        Entry old = load(key("a"));
        assertThat(verdict(chain(key("a"), null, entry(new Value.Inline(random(LARGE + 1))))))
                .isEqualTo(new Stale());
        assertThat(download((Value.Stored) old.value())).isEqualTo(bytes);
        assertThat(load(key("a"))).isEqualTo(old);
    }

    @Test
    void abandonedUploadIsSweptAndCannotBeBound() {
        var upload = upload(random(LARGE));
        await(ledger.payloads().abandon(upload.id()));
        assertThat(await(ledger.payloads().sweep(10))).isEqualTo(1);
        assertThat(verdict(chain(key("a"), null, entry(upload)))).isEqualTo(new PayloadGone());
        assertThatThrownBy(() -> await(ledger.payloads().read(upload.id(), 0)))
                .isInstanceOf(LedgerException.Unavailable.class);
        assertThatThrownBy(() -> await(ledger.payloads().append(upload.id(), 3, new byte[1])))
                .isInstanceOf(LedgerException.Unavailable.class);
    }

    @Test
    void boundPayloadIsNeitherAbandonedNorSwept() {
        byte[] bytes = random(LARGE);
        var upload = upload(bytes);
        put(key("a"), upload);
        await(ledger.payloads().abandon(upload.id()));
        put("a", "another");
        assertThat(await(ledger.payloads().sweep(10))).isZero();
        assertThat(download((Value.Stored) history("a").get(1).value())).isEqualTo(bytes);
    }

    @Test
    void payloadOutlivesItsRecordForReadersUnderWay() {
        byte[] bytes = random(LARGE);
        var upload = upload(bytes);
        put(key("a"), upload);
        delete(key("a"));
        trimAll();
        assertThat(await(ledger.payloads().sweep(10))).isZero();
        assertThat(download(upload)).isEqualTo(bytes);
    }

    @Test
    void runningUploadIsNotSwept() {
        var upload = upload(random(LARGE));
        assertThat(await(ledger.payloads().sweep(10))).isZero();
        assertThat(verdict(chain(key("a"), null, entry(upload)))).isInstanceOf(Committed.class);
    }

    @Test
    void payloadIsSharedByRecordsThatAreTouched() {
        byte[] bytes = random(LARGE);
        put(key("a"), upload(bytes));
        Entry base = load(key("a"));
        var touched = new Entry(base.value(), base.contentType(), Entry.PENDING, 1, 2, 3_000_000_000_000L);
        verdict(chain(key("a"), base, touched, touched));
        assertThat(load(key("a")).value()).isEqualTo(base.value());
        assertThat(download((Value.Stored) load(key("a")).value())).isEqualTo(bytes);
    }
}
