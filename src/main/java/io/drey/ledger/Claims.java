// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/**
 * Which incarnation, that is which start of which node, may write to a partition. Each new claim of a partition raises
 * its epoch; a commit under an older epoch, or for an incarnation that has ended, is refused. What is said here is on
 * the disk before it is answered, whatever the durability.
 */
public interface Claims {
    /**
     * Starts an incarnation with nothing claimed; one that a node of this name had before is ended. Its number is
     * greater than any before.
     */
    CompletionStage<Long> join(Node node);

    /**
     * Says that the incarnation lives, by raising its counter, and answers how things stand. Waits for no commit. An
     * incarnation that has ended is not renewed: see {@link View#isLiving}.
     */
    CompletionStage<View> renew(long incarnation);

    /**
     * Ends an incarnation whose counter is still {@code counter}, that is one that has not been renewed since; what it
     * held may be claimed. Answers whether it has ended, now or before.
     */
    CompletionStage<Boolean> end(long incarnation, long counter);

    /**
     * Claims those of {@code partitions} that nobody living holds, and again those that the incarnation holds itself;
     * answers the epochs of the ones it got. When this is answered, whatever is answered, no commit under an older
     * epoch, or of an incarnation that is not the holder any more, can happen any more.
     */
    CompletionStage<Map<Integer, Long>> claim(long incarnation, Collection<Integer> partitions);

    /** Gives up what the incarnation holds of {@code partitions}, for the next to claim at once. */
    CompletionStage<Void> release(long incarnation, Collection<Integer> partitions);

    /**
     * How others know a node.
     *
     * @param name unique, new at each start
     * @param address {@code host:port} for other members
     * @param http URL of its HTTP server
     */
    record Node(String name, String address, String http) {}

    /** An incarnation that has not ended; {@code counter} grows with each renewal. */
    record Member(long incarnation, Node node, long counter) {}

    /** Who holds a partition, and since which epoch. */
    record Claim(long incarnation, long epoch) {}

    /**
     * How things stood at one instant of the renewal.
     *
     * @param isLiving whether the incarnation that asked has not been ended; else nothing was renewed
     * @param members all that have not ended, the oldest first
     * @param claims by partition, of these members alone
     * @param marks what is about to change and must not be remembered, see {@link Marks}
     * @param lastPosition of the log
     */
    record View(
            boolean isLiving, List<Member> members, Map<Integer, Claim> claims, Set<String> marks, long lastPosition) {}
}
