// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.Claims;
import io.drey.ledger.Commit;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.Ledger;
import io.drey.model.Context;
import io.drey.model.Entry;
import io.drey.model.Limits;
import io.drey.model.Rules;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Another node as the ledger shows it: it claims and writes what a test says, and remembers nothing. */
final class Neighbour {
    private final Ledger ledger;
    private final String name;
    private final int partitions;
    private final long incarnation;
    private Map<Integer, Long> epochs = Map.of();

    Neighbour(Ledger ledger, String name, int partitions) {
        this.ledger = ledger;
        this.name = name;
        this.partitions = partitions;
        this.incarnation = ledger.claims()
                .join(new Claims.Node(name, "", ""))
                .toCompletableFuture()
                .join();
    }

    String name() {
        return name;
    }

    /** Claims whatever nobody holds. */
    Neighbour claim() {
        var all = IntStream.range(0, partitions).boxed().toList();
        epochs = ledger.claims().claim(incarnation, all).toCompletableFuture().join();
        return this;
    }

    /** Ends, as one that has died and was found out. */
    void end() {
        assertThat(ledger.claims().end(incarnation, 0).toCompletableFuture().join())
                .isTrue();
    }

    /** Commits what the command asks for and tells nobody. */
    void execute(Command command) {
        var key = command.key();
        var before =
                ledger.records().load(List.of(key)).toCompletableFuture().join().get(0);
        var context = new Context(ledger.now(), command.defaultTtl(), Limits.DEFAULT);
        var transition = Rules.apply(before, null, command.operation(), context);
        int partition = key.partition(partitions);
        var record = new Commit.RecordCommit(
                key,
                partition,
                epochs.get(partition),
                before == null ? Entry.PENDING : before.version(),
                before == null ? 0 : before.value().size(),
                transition.next(),
                List.of(new Commit.Step(transition.change(), command.id(), null)));
        var commit = new Commit(List.of(record), List.of(), null);
        assertThat(ledger.records().commit(commit).toCompletableFuture().join().records())
                .hasOnlyElementsOfType(Committed.class);
    }
}
