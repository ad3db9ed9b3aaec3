// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.Answers.Answer;
import org.junit.jupiter.api.Test;

/** Remembered answers. */
abstract class AnswersContract extends LedgerFixture {
    @Test
    void firstAnswerStays() {
        assertThat(await(ledger.answers().remember(answer("k", 0, "first")))).isTrue();
        assertThat(await(ledger.answers().remember(answer("k", 0, "second")))).isFalse();
        Answer kept = await(ledger.answers().find(1, "k", 0));
        assertThat(kept.content()).isEqualTo(utf8("first"));
        assertThat(kept.createdAt()).isEqualTo(1_000);
    }

    @Test
    void keysBelongToAccounts() {
        await(ledger.answers().remember(answer("k", 0, "first")));
        assertThat(await(ledger.answers().find(2, "k", 0))).isNull();
        assertThat(await(ledger.answers().find(1, "K", 0))).isNull();
    }

    @Test
    void beginningHasNoContent() {
        await(ledger.answers().remember(answer("k", 0, null)));
        assertThat(await(ledger.answers().find(1, "k", 0)).content()).isNull();
    }

    @Test
    void partsComeInOrder() {
        for (int part : new int[] {3, 1, 2, 4, 0}) {
            await(ledger.answers().remember(answer("k", part, "part " + part)));
        }
        assertThat(await(ledger.answers().parts(1, "k", 2, 2)).stream().map(Answer::part))
                .containsExactly(2, 3);
        assertThat(await(ledger.answers().parts(1, "k", 1, 10))).hasSize(4);
    }

    @Test
    void completionReplacesTheBeginningAndLetsGoOfParts() {
        await(ledger.answers().remember(answer("k", 0, null)));
        await(ledger.answers().remember(answer("k", 1, "part")));
        await(ledger.answers().remember(answer("other", 1, "part")));
        await(ledger.answers().complete(answer("k", 0, "whole")));
        assertThat(await(ledger.answers().find(1, "k", 0)).content()).isEqualTo(utf8("whole"));
        assertThat(await(ledger.answers().parts(1, "k", 1, 10))).isEmpty();
        assertThat(await(ledger.answers().parts(1, "other", 1, 10))).hasSize(1);
    }

    @Test
    void oldAnswersAreSweptAShareAtATime() {
        for (int i = 0; i < 5; i++) {
            await(ledger.answers().remember(new Answer(1, "k" + i, 0, new byte[0], 0, new byte[0], i)));
        }
        assertThat(await(ledger.answers().sweep(3, 2))).isEqualTo(2);
        assertThat(await(ledger.answers().sweep(3, 2))).isEqualTo(1);
        assertThat(await(ledger.answers().sweep(3, 2))).isZero();
        assertThat(await(ledger.answers().find(1, "k2", 0))).isNull();
        assertThat(await(ledger.answers().find(1, "k3", 0))).isNotNull();
    }
}
