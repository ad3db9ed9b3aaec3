// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.model.Outcome;
import io.vertx.core.Future;
import org.junit.jupiter.api.Test;

/** For how long, and by what, a command of another node is known again. */
class TakenTest {
    private static final long DEADLINE = 10_000;

    private final Taken taken = new Taken();
    private final Future<Outcome> outcome = Future.succeededFuture(new Outcome.NotFound());

    @Test
    void aRepeatIsKnownAgainBeyondTheTimeOfTheCommand() {
        taken.add(7, 1, DEADLINE, outcome);
        taken.forget(DEADLINE + 1);
        assertThat(taken.find(7, 1)).isSameAs(outcome);
    }

    @Test
    void aCommandIsForgottenInTheEnd() {
        taken.add(7, 1, DEADLINE, outcome);
        taken.forget(DEADLINE + 60_000);
        assertThat(taken.find(7, 1)).isNull();
    }

    @Test
    void whatOneClaimTookInTheNextHasNotTaken() {
        taken.add(7, 1, DEADLINE, outcome);
        assertThat(taken.find(7, 2)).isNull();
    }

    @Test
    void aLongerCommandKeepsOthersAndIsNotForgottenWithThem() {
        taken.add(7, 1, DEADLINE + 5_000, outcome);
        taken.add(8, 1, DEADLINE, outcome);
        taken.forget(DEADLINE + 4_000);
        assertThat(taken.find(7, 1)).isSameAs(outcome);
    }
}
