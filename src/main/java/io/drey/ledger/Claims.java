// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Which incarnation, that is which start of which node, may write to a partition. Each new claim of a partition raises
 * its epoch; a commit under an older epoch is refused.
 */
public interface Claims {
    /** Starts an incarnation with nothing claimed. */
    CompletionStage<Long> join(String nodeName);

    /** Claims those of {@code partitions} that nobody living holds; answers the epochs of the ones it got. */
    CompletionStage<Map<Integer, Long>> claim(long incarnation, Collection<Integer> partitions);

    /** Gives up what the incarnation holds of {@code partitions}, for the next to claim at once. */
    CompletionStage<Void> release(long incarnation, Collection<Integer> partitions);
}
