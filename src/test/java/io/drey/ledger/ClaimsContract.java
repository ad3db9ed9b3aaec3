// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.Stale;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may write. */
abstract class ClaimsContract extends LedgerFixture {
    @Test
    void whatSomebodyLivingHoldsIsNotClaimed() {
        long other = await(ledger.claims().join(node("other")));
        assertThat(await(ledger.claims().claim(other, List.of(PARTITION, 5)))).containsOnlyKeys(5);
    }

    @Test
    void whatWasReleasedIsClaimedUnderAGreaterEpoch() {
        long other = await(ledger.claims().join(node("other")));
        await(ledger.claims().release(incarnation, List.of(PARTITION)));
        assertThat(await(ledger.claims().claim(other, List.of(PARTITION))).get(PARTITION))
                .isGreaterThan(epoch);
    }

    @Test
    void whatAnotherHoldsIsNotReleased() {
        long other = await(ledger.claims().join(node("other")));
        await(ledger.claims().release(other, List.of(PARTITION)));
        assertThat(verdict(chain(key("a"), null, entry("1")))).isInstanceOf(Committed.class);
    }

    @Test
    void claimingAgainRaisesTheEpochAndShutsOutTheOldOne() {
        var old = chain(key("a"), null, entry("1"));
        claimAgain();
        assertThat(verdict(old)).isEqualTo(new Stale());
        assertThat(verdict(chain(key("a"), null, entry("1")))).isInstanceOf(Committed.class);
    }

    @Test
    void commitUnderAReleasedClaimIsStale() {
        await(ledger.claims().release(incarnation, List.of(PARTITION)));
        assertThat(verdict(chain(key("a"), null, entry("1")))).isEqualTo(new Stale());
        assertThat(load(key("a"))).isNull();
    }

    @Test
    void commitToAPartitionNeverClaimedIsStale() {
        var record = chain(key("a"), null, entry("1"));
        assertThat(verdict(new Commit.RecordCommit(record.key(), 99, epoch, 0, 0, record.next(), record.steps())))
                .isEqualTo(new Stale());
    }

    @Test
    void epochsRiseAndClaimsEndWhenTheLedgerIsReopened() throws Exception {
        long oldIncarnation = incarnation;
        long oldEpoch = epoch;
        var old = chain(key("a"), null, entry("1"));
        reopen();
        assertThat(epoch).isGreaterThan(oldEpoch);
        assertThat(verdict(old)).isEqualTo(new Stale());
        assertThat(incarnation).isGreaterThan(oldIncarnation);
        assertThat(await(ledger.claims().claim(oldIncarnation, List.of(3)))).isEmpty();
    }

    private void claimAgain() {
        long before = epoch;
        epoch = await(ledger.claims().claim(incarnation, List.of(PARTITION))).get(PARTITION);
        assertThat(epoch).isGreaterThan(before);
    }
}
