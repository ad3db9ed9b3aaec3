// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.eventbus.ReplyFailure;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.UUID;

/**
 * Requests of one event loop to other nodes. All that is sent to a node in one turn of the loop goes as one message, and
 * so do the answers: what a message costs, most of it in waking threads of both nodes, is shared by all that it carries.
 * Runs on that event loop.
 */
final class Courier {
    private static final long CHECK_MILLIS = 20;

    private final Context context;
    private final MessageConsumer<Buffer> answers;
    private final Future<Void> ready;
    private final Map<String, Parcel> open = new HashMap<>();
    private final Map<Long, Promise<Buffer>> waiting = new HashMap<>();
    private final PriorityQueue<Limit> limits = new PriorityQueue<>(Comparator.comparingLong(Limit::nanos));
    private long lastId;

    /** {@code node} is this one's name. */
    Courier(Context context, String node) {
        this.context = context;
        this.answers = context.owner()
                .eventBus()
                .consumer(Addresses.answers(node, UUID.randomUUID().toString()));
        answers.handler(this::answered);
        this.ready = answers.completion();
        ready.onSuccess(v -> context.runOnContext(w -> flush()));
        context.owner().setPeriodic(CHECK_MILLIS, timer -> context.runOnContext(v -> check()));
    }

    /** Fails with {@link Undelivered} when certainly nobody got it, and with {@link Unanswered} when nobody knows. */
    Future<Buffer> request(String address, Buffer content, long millis) {
        Promise<Buffer> promise = Promise.promise();
        long id = ++lastId;
        waiting.put(id, promise);
        limits.add(new Limit(System.nanoTime() + millis * 1_000_000, id));
        if (open.isEmpty() && ready.succeeded()) {
            context.runOnContext(v -> flush());
        }
        open.computeIfAbsent(address, any -> new Parcel(answers.address())).add(id, content);
        return promise.future();
    }

    private void flush() {
        open.forEach((address, parcel) -> context.owner()
                .eventBus()
                .<Buffer>sender(address)
                .write(parcel.toBuffer())
                .onFailure(failure -> context.runOnContext(v -> failed(parcel.ids(), failure))));
        open.clear();
    }

    private void failed(List<Long> ids, Throwable failure) {
        if (failure instanceof ReplyException reply && reply.failureType() == ReplyFailure.NO_HANDLERS) {
            ids.forEach(id -> end(id, new Undelivered()));
        }
    }

    private void answered(Message<Buffer> message) {
        Parcel.read(message.body(), (address, id, content) -> {
            var promise = waiting.remove(id);
            if (promise != null) {
                promise.complete(content);
            }
        });
    }

    private void check() {
        long now = System.nanoTime();
        while (!limits.isEmpty() && limits.peek().nanos() - now <= 0) {
            end(limits.poll().id(), new Unanswered());
        }
    }

    private void end(long id, RuntimeException failure) {
        var promise = waiting.remove(id);
        if (promise != null) {
            promise.fail(failure);
        }
    }

    private record Limit(long nanos, long id) {}

    /** Nobody was there to get it. Costs no stack trace. */
    static final class Undelivered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Undelivered() {
            super("the node cannot be reached", null, false, false);
        }
    }

    /** It may have arrived or not. Costs no stack trace. */
    static final class Unanswered extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unanswered() {
            super("the node did not answer in time", null, false, false);
        }
    }
}
