// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.member.Lease.Moment;
import org.junit.jupiter.api.Test;

class LeaseTest {
    private static final long MILLIS = 10_000;

    private final Lease lease = Lease.of(MILLIS);
    private final Moment now = Moment.now();

    @Test
    void nothingIsHeldBeforeTheFirstRenewal() {
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void aRenewalHoldsFromTheMomentItWasSent() {
        lease.extend(now);
        assertThat(lease.isHeld()).isTrue();
        lease.extend(sentBefore(MILLIS, MILLIS));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void whatOthersWaitIsLongerThanWhatIsHeld() {
        lease.extend(sentBefore(MILLIS - 900, MILLIS - 900));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void theClockThatAdvancedMoreCounts() {
        // A suspended machine: its monotonic clock stood still.
        lease.extend(sentBefore(0, MILLIS));
        assertThat(lease.isHeld()).isFalse();
        // A wall clock that was set back by an hour.
        lease.extend(sentBefore(MILLIS, -3_600_000));
        assertThat(lease.isHeld()).isFalse();
    }

    @Test
    void whatIsLostIsNotHeldUntilTheNextRenewal() {
        lease.extend(now);
        lease.lose();
        assertThat(lease.isHeld()).isFalse();
        lease.extend(Moment.now());
        assertThat(lease.isHeld()).isTrue();
    }

    @Test
    void aLedgerOfItsOwnNeedsNoLease() {
        assertThat(Lease.endless().isHeld()).isTrue();
    }

    private Moment sentBefore(long monotonicMillis, long wallMillis) {
        return new Moment(now.nanos() - monotonicMillis * 1_000_000, now.millis() - wallMillis);
    }
}
