// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.contract.Reply;
import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One client of a cluster: it sends each request to a node taken at random, keeps away for a second from one that was
 * gone or silent, and says for sure what it knows of the outcome. For one thread at a time.
 */
final class NodeCaller implements AutoCloseable {
    /** Longer than a node may take for a write, so that a node that lives speaks first. */
    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private static final Duration SETTLED = Duration.ofSeconds(120);
    private static final long AVOID_NANOS = TimeUnit.SECONDS.toNanos(1);
    /** A connection that was not used for so long may be one of the node's last life; another is opened. */
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Between two tries, so that refusals at once do not become a flood. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Supplier<List<ServerProcess>> nodes;
    private final Random random;
    private final Consumer<Certainty> outcomes;
    private final Map<ServerProcess, WireClient> clients = new HashMap<>();
    private final Map<ServerProcess, Long> used = new HashMap<>();
    private final Map<ServerProcess, Long> avoided = new HashMap<>();

    /** A client that tells what came of each single try. */
    NodeCaller(Supplier<List<ServerProcess>> nodes, Random random, Consumer<Certainty> outcomes) {
        this.nodes = nodes;
        this.random = random;
        this.outcomes = outcomes;
    }

    /** Sends it to one node, to the next only as long as nothing was sent. */
    Answer ask(Request request) {
        var answer = attempt(request);
        outcomes.accept(answer.certainty());
        if (answer.certainty() == Certainty.REFUSED) {
            pause();
        }
        return answer;
    }

    /** Sends it again, each time to another node if there is one, until it is answered for sure. */
    Answer settle(Request request) {
        long asked = System.nanoTime();
        int tries = 0;
        while (true) {
            var answer = ask(request);
            tries += answer.tries();
            if (answer.certainty() == Certainty.ANSWERED) {
                return new Answer(Certainty.ANSWERED, answer.reply(), asked, answer.answered(), answer.node(), tries);
            }
            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .as("nobody says what became of %s; last %s", request, answer)
                    .isLessThan(SETTLED);
            if (answer.node() != null) {
                avoided.put(answer.node(), System.nanoTime());
            }
        }
    }

    @Override
    public void close() {
        clients.values().forEach(WireClient::close);
    }

    private Answer attempt(Request request) {
        long asked = System.nanoTime();
        var order = order();
        int tries = 0;
        for (var node : order) {
            tries++;
            try {
                return answer(request, asked, node, send(request, node), tries);
            } catch (ConnectException e) {
                avoided.put(node, System.nanoTime());
            } catch (IOException e) {
                avoided.put(node, System.nanoTime());
                return new Answer(Certainty.UNKNOWN, null, asked, Linearizability.NEVER, node, tries);
            }
        }
        return new Answer(Certainty.REFUSED, null, asked, System.nanoTime(), null, tries);
    }

    private static Answer answer(Request request, long asked, ServerProcess node, Reply reply, int tries) {
        var certainty =
                switch (reply.status()) {
                    case 503 -> {
                        assertThat(reply.header("Retry-After"))
                                .as("%s: %s", request, reply)
                                .isPresent();
                        yield Certainty.REFUSED;
                    }
                    case 504 -> {
                        assertThat(reply.problem()).as("%s", request).isEqualTo("unknown-outcome");
                        yield Certainty.UNKNOWN;
                    }
                    default -> Certainty.ANSWERED;
                };
        long answered = certainty == Certainty.UNKNOWN ? Linearizability.NEVER : System.nanoTime();
        return new Answer(certainty, reply, asked, answered, node, tries);
    }

    /** At random, with those that failed just now at the end. */
    private List<ServerProcess> order() {
        var order = new ArrayList<>(nodes.get());
        Collections.shuffle(order, random);
        long now = System.nanoTime();
        avoided.values().removeIf(since -> now - since > AVOID_NANOS);
        order.sort((left, right) -> Boolean.compare(avoided.containsKey(left), avoided.containsKey(right)));
        return order;
    }

    private Reply send(Request request, ServerProcess node) throws IOException {
        var client = clients.computeIfAbsent(node, any -> node.client(PATIENCE));
        long now = System.nanoTime();
        var last = used.put(node, now);
        if (last != null && now - last > IDLE_NANOS) {
            client.reconnect();
        }
        return client.send(
                request.method(),
                request.path(),
                request.bytes(),
                request.headers().toArray(String[]::new));
    }

    private static void pause() {
        LockSupport.parkNanos(PAUSE_NANOS);
    }

    /** What a client knows of a request. */
    enum Certainty {
        /** What the reply says has happened. */
        ANSWERED,
        /** Nothing has happened and nothing will. */
        REFUSED,
        /** It has happened, or will yet, or never. */
        UNKNOWN
    }

    /**
     * A request that may be sent again as it is.
     *
     * @param body null for none
     * @param idempotencyKey null for none
     */
    record Request(String method, String path, String contentType, String body, String idempotencyKey) {
        byte[] bytes() {
            return body == null ? null : WireClient.bytes(body);
        }

        List<String> headers() {
            var headers = new ArrayList<String>();
            if (body != null) {
                headers.addAll(List.of("Content-Type", contentType));
            }
            if (idempotencyKey != null) {
                headers.addAll(List.of("Idempotency-Key", idempotencyKey));
            }
            return headers;
        }
    }

    /**
     * What came of a request.
     *
     * @param reply the last, null when there was none
     * @param asked when it was sent first, in nanoseconds
     * @param answered when its answer had arrived, {@link Linearizability#NEVER} when it is unknown
     * @param node that was asked last, null when none could be reached
     * @param tries how many nodes were tried, the same one counted again each time
     */
    record Answer(Certainty certainty, Reply reply, long asked, long answered, ServerProcess node, int tries) {}
}
