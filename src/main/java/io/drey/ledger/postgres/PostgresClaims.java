// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Claims;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;

/** Claims of partitions, in the turn; renewals without it, over a connection of their own. */
final class PostgresClaims implements Claims {
    private static final String JOIN = "select drey.join_node($1, $2, $3, $4)";
    private static final String RENEW = "select * from drey.renew_node($1, $2, $3)";
    private static final String END = "select drey.end_node($1, $2, $3)";
    private static final String CLAIM = "select * from drey.claim_partitions($1, $2, $3)";
    private static final String RELEASE = "select drey.release_partitions($1, $2, $3)";

    private final Database database;

    PostgresClaims(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<Long> join(Node node) {
        return database.write(
                JOIN,
                Tuple.of(database.server(), node.name(), node.address(), node.http()),
                rows -> rows.iterator().next().getLong(0));
    }

    @Override
    public CompletionStage<View> renew(long incarnation) {
        return database.renew(
                RENEW,
                Tuple.of(database.server(), incarnation, database.now()),
                rows -> view(rows.iterator().next()));
    }

    @Override
    public CompletionStage<Boolean> end(long incarnation, long counter) {
        return database.write(END, Tuple.of(database.server(), incarnation, counter), rows -> rows.iterator()
                .next()
                .getBoolean(0));
    }

    /** Claiming again what one holds raises the epoch too: that shuts out commits whose answer was lost. */
    @Override
    public CompletionStage<Map<Integer, Long>> claim(long incarnation, Collection<Integer> partitions) {
        var server = database.server();
        // Even a call that claims nothing waits for the turns before it.
        Collection<Integer> wanted = database.isQuiet() ? List.of() : partitions;
        return database.write(CLAIM, values(server, incarnation, wanted), PostgresClaims::epochs);
    }

    @Override
    public CompletionStage<Void> release(long incarnation, Collection<Integer> partitions) {
        return database.write(RELEASE, values(database.server(), incarnation, partitions), rows -> null);
    }

    private static Tuple values(String server, long incarnation, Collection<Integer> partitions) {
        return Tuple.tuple().addValue(server).addValue(incarnation).addValue(partitions.toArray(Integer[]::new));
    }

    private static Map<Integer, Long> epochs(RowSet<Row> rows) {
        var epochs = new HashMap<Integer, Long>();
        rows.forEach(row -> epochs.put(row.getInteger("partition"), row.getLong("epoch")));
        return epochs;
    }

    private View view(Row row) {
        database.clock().atLeast(row.getLong("millis"));
        var members = new ArrayList<Member>();
        Long[] numbers = longs(row, "numbers");
        for (int i = 0; i < numbers.length; i++) {
            var node = new Node(
                    row.getArrayOfStrings("names")[i],
                    row.getArrayOfStrings("addresses")[i],
                    row.getArrayOfStrings("urls")[i]);
            members.add(new Member(numbers[i], node, longs(row, "counters")[i]));
        }
        var claims = new HashMap<Integer, Claim>();
        Integer[] partitions = row.getArrayOfIntegers("partitions");
        Long[] holders = longs(row, "holders");
        Long[] epochs = longs(row, "epochs");
        for (int i = 0; i < holders.length; i++) {
            claims.put(partitions[i], new Claim(holders[i], epochs[i]));
        }
        String[] marks = row.getArrayOfStrings("marks");
        return new View(
                row.getBoolean("living"),
                members,
                claims,
                marks == null ? Set.of() : Set.of(marks),
                row.getLong("last_position"));
    }

    /** An aggregate over no rows is null. */
    private static Long[] longs(Row row, String column) {
        Long[] found = row.getArrayOfLongs(column);
        return found == null ? new Long[0] : found;
    }
}
