// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.tables;

import java.util.Map;

/**
 * What a ledger has given out and must never give again, beyond what its rows tell.
 *
 * @param position the last of the log
 * @param weight of the log up to there, in bytes
 * @param time that the ledger's clock does not go below, milliseconds
 * @param trimmed the last position that was removed from the log's beginning, 0 for none
 * @param incarnation the last number of one
 * @param numbers the last number of each table that counts its rows
 * @param epochs the last of each partition that was ever claimed
 */
public record Floors(
        long position,
        long weight,
        long time,
        long trimmed,
        long incarnation,
        Map<Table, Long> numbers,
        Map<Integer, Long> epochs) {
    public Floors {
        numbers = Map.copyOf(numbers);
        epochs = Map.copyOf(epochs);
    }
}
