// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.member;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.ledger.Answers;
import io.drey.ledger.ChangeLog;
import io.drey.ledger.Claims;
import io.drey.ledger.Directory;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException;
import io.drey.ledger.LedgerStatus;
import io.drey.ledger.Marks;
import io.drey.ledger.Payloads;
import io.drey.ledger.Records;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a node hears of its own standing, against claims that live in this test alone. */
class MembershipTest {
    private final Table table = new Table();
    private final Membership membership =
            new Membership(new Shared(table), new Claims.Node("me", "", ""), new MemberConfig(600));
    private final Queue<String> heard = new ConcurrentLinkedQueue<>();

    @BeforeEach
    void start() {
        membership.listen(new Membership.Listener() {
            @Override
            public void lost() {
                heard.add("lost while held: " + membership.lease().isHeld());
            }

            @Override
            public void lapsed() {
                heard.add("lapsed");
            }

            @Override
            public void marked(Set<String> subjects) {
                subjects.forEach(subject ->
                        heard.add(subject + " while held: " + membership.lease().isHeld()));
            }
        });
        membership.start();
        await().until(() -> membership.lease().isHeld());
        heard.clear();
    }

    @AfterEach
    void stop() {
        membership.close();
    }

    @Test
    void whoWasEndedBeginsAnewWithoutItsLease() {
        table.ended = true;
        await().until(() -> membership.incarnation() == 2 && membership.lease().isHeld());
        assertThat(heard).startsWith("lost while held: false");
    }

    @Test
    void whoCannotReachTheLedgerLosesItsLeaseAndIsToldThatMarksMayHavePassed() {
        table.unreachable = true;
        await().until(() -> !membership.lease().isHeld());
        assertThat(heard).isEmpty();
        table.unreachable = false;
        await().until(() -> membership.lease().isHeld());
        assertThat(heard).containsExactly("lapsed");
    }

    @Test
    void aMarkIsHeardBeforeTheLeaseIsExtended() {
        table.unreachable = true;
        await().until(() -> !membership.lease().isHeld());
        table.marks = Set.of("store:1");
        table.unreachable = false;
        await().until(() -> membership.lease().isHeld());
        assertThat(heard).contains("store:1 while held: false");
    }

    @Test
    void whoFallsSilentIsEndedByItsLastCounter() {
        table.other = new Claims.Member(9, new Claims.Node("other", "", ""), 5);
        await().until(() -> table.endedCounter == 5);
    }

    @Test
    void whoLeavesIsEndedAndDoesNotComeBack() {
        membership.close();
        assertThat(table.endedCounter).isPositive();
        assertThat(membership.lease().isHeld()).isFalse();
        assertThat(membership.incarnation()).isEqualTo(1);
    }

    /** Claims of two nodes at most. */
    private static final class Table implements Claims {
        private volatile boolean unreachable;
        private volatile boolean ended;
        private volatile Set<String> marks = Set.of();
        private volatile Member other;
        private volatile long endedCounter;
        private long joined;
        private long counter;

        @Override
        public synchronized CompletionStage<Long> join(Node node) {
            ended = false;
            return CompletableFuture.completedFuture(++joined);
        }

        @Override
        public synchronized CompletionStage<View> renew(long incarnation) {
            if (unreachable) {
                return CompletableFuture.failedFuture(new LedgerException.Unavailable("not now", null));
            }
            boolean living = !ended && incarnation == joined;
            var self = new Member(joined, new Node("me", "", ""), ++counter);
            var members = other == null ? List.of(self) : List.of(self, other);
            return CompletableFuture.completedFuture(new View(living, members, Map.of(), marks, 0));
        }

        @Override
        public CompletionStage<Boolean> end(long incarnation, long seen) {
            endedCounter = seen;
            return CompletableFuture.completedFuture(true);
        }

        @Override
        public CompletionStage<Map<Integer, Long>> claim(long incarnation, Collection<Integer> partitions) {
            throw new UnsupportedOperationException();
        }

        @Override
        public CompletionStage<Void> release(long incarnation, Collection<Integer> partitions) {
            throw new UnsupportedOperationException();
        }
    }

    /** A ledger of which only the claims are asked. */
    private record Shared(Claims claims) implements Ledger {
        @Override
        public boolean isShared() {
            return true;
        }

        @Override
        public Marks marks() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Records records() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Payloads payloads() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ChangeLog log() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Answers answers() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Directory directory() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long now() {
            return System.currentTimeMillis();
        }

        @Override
        public LedgerStatus status() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {}
    }
}
