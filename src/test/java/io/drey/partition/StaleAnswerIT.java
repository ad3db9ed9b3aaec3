// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import static io.drey.partition.SmallCluster.failure;
import static io.drey.partition.SmallCluster.get;
import static io.drey.partition.SmallCluster.put;
import static io.drey.partition.SmallCluster.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.drey.model.Outcome;
import io.drey.model.RecordKey;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers from memory that are held up until the memory is that of a claim which has ended. */
class StaleAnswerIT {
    private static final long WRITE_MILLIS = 5_000;

    @TempDir
    private Path directory;

    private SmallCluster cluster;
    private PartitionNode node;
    private RecordKey key;

    @BeforeEach
    void start() {
        cluster = new SmallCluster(directory);
        node = cluster.node("node", WRITE_MILLIS).own(id -> true);
        key = cluster.key("key");
        get(node.send(put(key, "1")));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void anAnswerWithoutAChangeIsNotGivenFromTheMemoryOfAnEarlierClaim() throws InterruptedException {
        Promise<Outcome> answer = Promise.promise();
        var busy = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        node.context().runOnContext(v -> {
            node.commands().send(Commands.get(key)).onComplete(answer);
            busy.countDown();
            awaitQuietly(release);
        });
        busy.await();
        node.passTurn(key);
        // The answer stands in the queue of the event loop now, which is still busy with the question.
        try {
            endAndBeginAnewAfter("2");
        } finally {
            release.countDown();
        }
        assertThat(text(get(answer.future()))).isEqualTo("2");
    }

    @Test
    void anAnswerThatWaitedForACommitIsNotGivenFromTheMemoryOfAnEarlierClaim() {
        var commits = cluster.ledger().commits();
        var answers = cluster.ledger().commitAnswers();
        commits.close();
        var ahead = node.send(put(cluster.key("ahead"), "0"));
        await().until(() -> commits.waiting() == 1);
        var written = node.send(put(key, "2"));
        var answer = node.send(Commands.get(key));
        node.awaitWaiting(2);
        commits.letThrough();
        get(ahead);
        await().until(() -> commits.waiting() == 1);
        answers.close();
        commits.open();
        await().until(() -> answers.waiting() == 1);
        endAndBeginAnewAfter("3");
        answers.open();
        assertThat(text(get(answer))).isEqualTo("3");
        assertThat(text(get(written))).isEqualTo("2");
    }

    @Test
    void aReadBehindACommitWhoseAnswerIsLostEndsWithinTheTimeOfAWrite() {
        cluster.ledger().claiming().close();
        cluster.ledger().loseAnswers(true);
        var written = node.send(put(key, "2"));
        await().until(() -> cluster.ledger().claiming().waiting() == 1);
        assertThat(failure(node.read(key)).kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
        assertThat(failure(written).kind()).isEqualTo(Failure.Kind.UNKNOWN);
    }

    @Test
    void aReadBehindACommitWhoseAnswerIsLostShowsWhatCameOfIt() {
        cluster.ledger().claiming().close();
        cluster.ledger().loseAnswers(true);
        var written = node.send(put(key, "2"));
        await().until(() -> cluster.ledger().claiming().waiting() == 1);
        var read = node.read(key);
        cluster.ledger().loseAnswers(false);
        cluster.ledger().claiming().open();
        get(Future.all(List.of(read, written)));
        assertThat(text(read.result())).isEqualTo("2");
        assertThat(text(written.result())).isEqualTo("2");
    }

    /** Another node ends this one, writes the key and leaves, and this one begins anew and claims all again. */
    private void endAndBeginAnewAfter(String json) {
        node.wantNothing();
        long ended = cluster.end(node);
        var neighbour = cluster.neighbour("neighbour").claim();
        neighbour.execute(put(key, json));
        cluster.beginAnew(node, ended);
        neighbour.end();
        node.own(id -> true);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
