// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.ledger.Answers.Answer;
import io.drey.ledger.Directory;
import io.drey.partition.Command;
import io.drey.partition.Failure;
import io.drey.partition.LedgerFailures;
import io.drey.partition.OutcomeCodec;
import io.drey.partition.Repeats.Fresh;
import io.drey.partition.Repeats.Replay;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * Runs writes that may bear an Idempotency-Key: a repeat gets the first answer and changes nothing. What changes
 * something commits its answer with the change; other answers that are remembered are kept before they are sent.
 */
public final class Idempotent {
    private static final String HEADER = "Idempotency-Key";
    private static final String REPLAYED = "Idempotency-Replayed";
    private static final int KEY_LENGTH_MAX = 255;

    private Idempotent() {}

    /** Null when the request bears no key; feed it with the body. */
    public static MessageDigest digest(Exchange exchange) {
        var keys = exchange.headers(HEADER);
        if (keys.isEmpty()) {
            return null;
        }
        if (keys.size() > 1 || !isKey(keys.get(0))) {
            throw Problem.invalidParameter(HEADER, "An Idempotency-Key is one value of 1 to 255 visible ASCII letters.")
                    .exception();
        }
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((exchange.method() + ' ' + exchange.uri() + '\n').getBytes(StandardCharsets.UTF_8));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isKey(String key) {
        return !key.isEmpty()
                && key.length() <= KEY_LENGTH_MAX
                && key.chars().allMatch(character -> character > ' ' && character <= '~');
    }

    /** Runs a request whose answer is remembered in the form of a reply. */
    public static Future<Reply> run(
            Exchange exchange, Services services, MessageDigest digest, Function<Command.Once, Future<Reply>> action) {
        return run(exchange, services, digest, (once, resumed) -> action.apply(once), answer -> {
            throw new IllegalStateException("an outcome where a reply was remembered");
        });
    }

    /**
     * Runs a request once.
     *
     * @param digest of the request, null when it bears no key; {@code action} then gets null
     * @param replay makes the reply from an outcome that was committed with its change
     */
    public static Future<Reply> run(
            Exchange exchange,
            Services services,
            MessageDigest digest,
            Action action,
            Function<Answer, Future<Reply>> replay) {
        if (digest == null) {
            return action.run(null, false);
        }
        var once =
                new Command.Once(exchange.principal().account().number(), exchange.header(HEADER), 0, digest.digest());
        return run(services, once, action, replay);
    }

    private static Future<Reply> run(
            Services services, Command.Once once, Action action, Function<Answer, Future<Reply>> replay) {
        return services.repeats().begin(services.context(), once).compose(begun -> {
            if (begun instanceof Replay replayed) {
                var content = replayed.answer().content();
                var reply = OutcomeCodec.isOutcome(content)
                        ? replay.apply(replayed.answer())
                        : Future.succeededFuture(RememberedReply.decode(content));
                return reply.map(first -> first.with(REPLAYED, "true"));
            }
            if (!(begun instanceof Fresh fresh)) {
                return Future.failedFuture(Problem.idempotencyKeyReused().exception());
            }
            return first(services, once, action, fresh)
                    .onComplete(any -> services.repeats().end(once))
                    .recover(failure -> isAlreadyAnswered(failure)
                            ? run(services, once, action, replay)
                            : Future.failedFuture(failure));
        });
    }

    private static boolean isAlreadyAnswered(Throwable failure) {
        return failure instanceof Failure known && known.kind() == Failure.Kind.ALREADY_ANSWERED;
    }

    private static Future<Reply> first(Services services, Command.Once once, Action action, Fresh fresh) {
        Future<Reply> reply;
        try {
            reply = action.run(once, fresh.resumed());
        } catch (RuntimeException e) {
            reply = Future.failedFuture(e);
        }
        return reply.recover(failure -> isAlreadyAnswered(failure)
                        ? Future.failedFuture(failure)
                        : Future.succeededFuture(Reply.of(Problems.ofFailure(failure))))
                .compose(answer ->
                        isRemembered(answer) ? remember(services, once, answer) : Future.succeededFuture(answer));
    }

    private static boolean isRemembered(Reply reply) {
        if (reply == Reply.SENT || reply.remembered()) {
            return false;
        }
        int status = reply.status();
        return reply.isSuccess() || status == 404 || status == 409 || status == 412 || isPatchFailed(reply);
    }

    private static boolean isPatchFailed(Reply reply) {
        return reply.status() == 422
                && new String(reply.body(), StandardCharsets.UTF_8).contains(ProblemType.PATCH_FAILED.urn());
    }

    private static Future<Reply> remember(Services services, Command.Once once, Reply reply) {
        var answer = answer(services, once, reply);
        return await(services, services.ledger().answers().remember(answer))
                .compose(kept -> kept
                        ? Future.succeededFuture(reply)
                        : Future.failedFuture(new Failure(Failure.Kind.ALREADY_ANSWERED, "answered meanwhile")));
    }

    /** Keeps the reply as that of the whole request, in place of its parts. */
    public static Future<Reply> complete(Services services, Command.Once once, Reply reply) {
        return await(services, services.ledger().answers().complete(answer(services, once, reply)))
                .map(v -> reply.asRemembered());
    }

    /** Notes that a request of several parts has begun; fails when another request has taken the key meanwhile. */
    public static Future<Void> begun(Services services, Command.Once once) {
        var answer = new Answer(
                once.account(),
                once.key(),
                0,
                once.fingerprint(),
                0,
                null,
                services.ledger().now());
        return await(services, services.ledger().answers().remember(answer))
                .compose(kept -> kept
                        ? Future.succeededFuture()
                        : Future.failedFuture(new Failure(Failure.Kind.ALREADY_ANSWERED, "answered meanwhile")));
    }

    private static Answer answer(Services services, Command.Once once, Reply reply) {
        return new Answer(
                once.account(),
                once.key(),
                once.part(),
                once.fingerprint(),
                reply.version(),
                RememberedReply.encode(reply),
                services.ledger().now());
    }

    /** For changes of the directory: the reply to its result is committed with it, unless it is null. */
    public static <T> Directory.Once<T> directory(Services services, Command.Once once, Function<T, Reply> reply) {
        if (once == null) {
            return null;
        }
        return new Directory.Once<>(
                once.account(),
                once.key(),
                once.fingerprint(),
                services.ledger().now(),
                result -> {
                    var made = reply.apply(result);
                    return made == null ? null : RememberedReply.encode(made);
                });
    }

    /** A stage of the ledger as a future of this event loop, failing with a {@link Failure}. */
    public static <T> Future<T> await(Services services, CompletionStage<T> stage) {
        return LedgerFailures.future(services.context(), stage);
    }

    /** The request itself; {@code resumed} when a first try broke off in its middle. */
    public interface Action {
        Future<Reply> run(Command.Once once, boolean resumed);
    }
}
