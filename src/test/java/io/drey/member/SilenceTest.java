// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.ledger.Claims;
import io.drey.ledger.Claims.Member;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilenceTest {
    private static final long SELF = 1;
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Silence silence = new Silence(50);

    @Test
    void whoIsSeenForTheFirstTimeIsNotSilentHoweverOldItsCounterIs() {
        assertThat(silence.observe(List.of(member(2, 7)), SELF)).isEmpty();
    }

    @Test
    void whoseCounterStandsStillForTheTimeIsSilent() {
        silence.observe(List.of(member(2, 7)), SELF);
        await().atMost(SOON)
                .until(() -> silence.observe(List.of(member(2, 7)), SELF).equals(List.of(member(2, 7))));
    }

    @Test
    void whoseCounterMovesIsNotSilent() {
        var longer = new Silence(60_000);
        longer.observe(List.of(member(2, 7)), SELF);
        assertThat(longer.observe(List.of(member(2, 8)), SELF)).isEmpty();
        assertThat(longer.nextMillis()).isGreaterThan(50_000);
    }

    @Test
    void aRenewalBeginsTheTimeAnew() {
        silence.observe(List.of(member(2, 7)), SELF);
        await().atMost(SOON).until(() -> silence.nextMillis() <= 0);
        assertThat(silence.observe(List.of(member(2, 8)), SELF)).isEmpty();
        assertThat(silence.nextMillis()).isPositive();
    }

    @Test
    void nobodyEndsItself() {
        silence.observe(List.of(member(SELF, 7)), SELF);
        assertThat(silence.nextMillis()).isEqualTo(50);
        assertThat(silence.observe(List.of(member(SELF, 7)), SELF)).isEmpty();
    }

    private static Member member(long incarnation, long counter) {
        return new Member(incarnation, new Claims.Node("n" + incarnation, "", ""), counter);
    }
}
