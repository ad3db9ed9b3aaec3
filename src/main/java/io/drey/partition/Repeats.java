// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Answers;
import io.drey.ledger.Answers.Answer;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Requests with an idempotency key: a repeat that arrives while the first is running waits for it; one that comes later
 * gets the remembered answer. What keeps a change from happening twice is not this class but the ledger, which takes an
 * answer once; this class only spares repeats the try.
 */
public final class Repeats {
    private final Answers answers;
    private final long waitMillis;
    private final Map<Id, CompletableFuture<Void>> running = new ConcurrentHashMap<>();

    public Repeats(Answers answers, long waitMillis) {
        this.answers = answers;
        this.waitMillis = waitMillis;
    }

    /**
     * Begins a request, on {@code context}. Whoever gets {@link Fresh} must call {@link #end}. Fails with a
     * {@link Failure} when the ledger cannot be asked, or when the first request does not end in time.
     */
    public Future<Begun> begin(Context context, Command.Once once) {
        return begin(context, once, System.nanoTime() + waitMillis * 1_000_000);
    }

    private Future<Begun> begin(Context context, Command.Once once, long deadlineNanos) {
        var id = new Id(once.account(), once.key());
        var mine = new CompletableFuture<Void>();
        var other = running.putIfAbsent(id, mine);
        if (other != null) {
            return await(context, other, deadlineNanos).compose(v -> begin(context, once, deadlineNanos));
        }
        Promise<Begun> begun = Promise.promise();
        answers.find(once.account(), once.key(), Answers.WHOLE)
                .whenComplete((answer, failure) -> context.runOnContext(v -> {
                    if (failure != null) {
                        end(once);
                        begun.fail(LedgerFailures.of(failure));
                    } else {
                        begun.complete(begun(once, answer));
                    }
                }));
        return begun.future();
    }

    private Begun begun(Command.Once once, Answer answer) {
        if (answer == null) {
            return new Fresh(false);
        }
        if (!Arrays.equals(answer.fingerprint(), once.fingerprint())) {
            end(once);
            return new Reused();
        }
        if (answer.content() == null) {
            return new Fresh(true);
        }
        end(once);
        return new Replay(answer);
    }

    private static Future<Void> await(Context context, CompletableFuture<Void> other, long deadlineNanos) {
        Promise<Void> promise = Promise.promise();
        long millis = Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000);
        long timer = context.owner()
                .setTimer(
                        millis,
                        any -> context.runOnContext(v -> promise.tryFail(new Failure(
                                Failure.Kind.UNAVAILABLE,
                                "The first request with this idempotency key is still running."))));
        other.whenComplete((v, failure) -> context.runOnContext(w -> {
            context.owner().cancelTimer(timer);
            promise.tryComplete();
        }));
        return promise.future();
    }

    /** Ends a request that began fresh, whatever came of it. */
    public void end(Command.Once once) {
        var mine = running.remove(new Id(once.account(), once.key()));
        if (mine != null) {
            mine.complete(null);
        }
    }

    /** What a request with an idempotency key is. */
    public sealed interface Begun {}

    /** New, or, when {@code resumed}, one whose first try broke off: parts of it may have been answered. */
    public record Fresh(boolean resumed) implements Begun {}

    public record Replay(Answer answer) implements Begun {}

    /** The key belongs to another request. */
    public record Reused() implements Begun {}

    private record Id(long account, String key) {}
}
