// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Claims;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Claims of partitions. The lock file stands for the lease: when the ledger opens, no incarnation of before lives, so
 * the living ones are those that joined since. A node that joins again by the same name ends its former incarnation.
 */
final class SqliteClaims implements Claims {
    private static final String END = "update incarnation set ended = 1 where name = ? and ended = 0";
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
    /** Epochs by partition of what living incarnations hold: what the claim table says, read by each commit. */
    private final Map<Integer, Long> held = new ConcurrentHashMap<>();

    SqliteClaims(Writer writer) {
        this.writer = writer;
    }

    /** Whether a commit under this epoch may still write. Writer's thread. */
    boolean holds(int partition, long epoch) {
        Long present = held.get(partition);
        return present != null && present == epoch;
    }

    @Override
    public CompletionStage<Long> join(String nodeName) {
        return writer.claim(turn -> {
            var session = turn.session();
            session.update(END, nodeName);
            var ended = session.all(HELD_BY_ENDED, row -> row.getInt(1));
            turn.afterCommit(() -> ended.forEach(held::remove));
            session.update(JOIN, nodeName);
            return session.insertedId();
        });
    }

    /** Claiming again what one holds raises the epoch too: that shuts out commits whose answer was lost. */
    @Override
    public CompletionStage<Map<Integer, Long>> claim(long incarnation, Collection<Integer> partitions) {
        return writer.claim(turn -> {
            var epochs = claimed(turn.session(), incarnation, partitions);
            turn.afterCommit(() -> held.putAll(epochs));
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
