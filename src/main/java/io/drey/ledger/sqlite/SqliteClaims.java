// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Claims;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Claims of partitions. The lock file stands for the lease: when the ledger opens, no incarnation of before lives, so
 * the living ones are those that joined since. A node that joins again by the same name ends its former incarnation.
 */
final class SqliteClaims implements Claims {
    private static final String END = "update incarnation set ended = 1 where name = ? and ended = 0";
    private static final String END_NUMBER = "update incarnation set ended = 1 where number = ?";
    private static final String JOIN = "insert into incarnation (name, ended) values (?, 0)";
    private static final String IS_LIVING = "select 1 from incarnation where number = ? and ended = 0";
    private static final String CLAIM = "insert into claim (partition, incarnation, epoch) values (?1, ?2, 1)"
            + " on conflict (partition) do update set incarnation = ?2, epoch = epoch + 1"
            + " where incarnation is null or incarnation = ?2"
            + " or (select ended from incarnation where number = claim.incarnation) = 1";
    private static final String EPOCH = "select epoch from claim where partition = ?";
    private static final String RELEASE = "update claim set incarnation = null where partition = ? and incarnation = ?";
    private static final String HELD_BY_ENDED =
            "select partition from claim" + " where incarnation in (select number from incarnation where ended = 1)";

    private final Writer writer;
    /** What living incarnations hold: what the claim table says, read by each commit. */
    private final Map<Integer, Claim> held = new ConcurrentHashMap<>();

    private final Map<Long, Member> living = new ConcurrentSkipListMap<>();

    SqliteClaims(Writer writer) {
        this.writer = writer;
    }

    /** Whether a commit under this epoch may still write. Writer's thread. */
    boolean holds(int partition, long epoch) {
        var present = held.get(partition);
        return present != null && present.epoch() == epoch;
    }

    @Override
    public CompletionStage<Long> join(Node node) {
        return writer.claim(turn -> {
            var session = turn.session();
            session.update(END, node.name());
            var ended = session.all(HELD_BY_ENDED, row -> row.getInt(1));
            session.update(JOIN, node.name());
            long incarnation = session.insertedId();
            turn.afterCommit(() -> {
                ended.forEach(held::remove);
                living.values().removeIf(member -> member.node().name().equals(node.name()));
                living.put(incarnation, new Member(incarnation, node, 0));
            });
            return incarnation;
        });
    }

    /** From memory: the lock file is the lease, so there is nothing to write. */
    @Override
    public CompletionStage<View> renew(long incarnation) {
        var member = living.computeIfPresent(
                incarnation, (number, known) -> new Member(number, known.node(), known.counter() + 1));
        var claims = new HashMap<Integer, Claim>();
        held.forEach((partition, claim) -> claims.put(partition, claim));
        return CompletableFuture.completedFuture(
                new View(member != null, List.copyOf(living.values()), claims, Set.of(), writer.position()));
    }

    @Override
    public CompletionStage<Boolean> end(long incarnation, long counter) {
        return writer.claim(turn -> {
            var member = living.get(incarnation);
            if (member != null && member.counter() != counter) {
                return false;
            }
            turn.session().update(END_NUMBER, incarnation);
            turn.afterCommit(() -> {
                living.remove(incarnation);
                held.values().removeIf(claim -> claim.incarnation() == incarnation);
            });
            return true;
        });
    }

    /** Claiming again what one holds raises the epoch too: that shuts out commits whose answer was lost. */
    @Override
    public CompletionStage<Map<Integer, Long>> claim(long incarnation, Collection<Integer> partitions) {
        return writer.claim(turn -> {
            var epochs = claimed(turn.session(), incarnation, partitions);
            turn.afterCommit(
                    () -> epochs.forEach((partition, epoch) -> held.put(partition, new Claim(incarnation, epoch))));
            return epochs;
        });
    }

    @Override
    public CompletionStage<Void> release(long incarnation, Collection<Integer> partitions) {
        return writer.claim(turn -> {
            for (int partition : partitions) {
                if (turn.session().update(RELEASE, partition, incarnation) == 1) {
                    turn.afterCommit(() -> held.remove(partition));
                }
            }
            return null;
        });
    }

    private static Map<Integer, Long> claimed(Session session, long incarnation, Collection<Integer> partitions)
            throws SQLException {
        var epochs = new HashMap<Integer, Long>();
        if (session.number(IS_LIVING, 0, incarnation) == 0) {
            return epochs;
        }
        for (int partition : partitions) {
            if (session.update(CLAIM, partition, incarnation) == 1) {
                epochs.put(partition, session.number(EPOCH, 0, partition));
            }
        }
        return epochs;
    }
}
