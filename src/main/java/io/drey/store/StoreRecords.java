// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.store;

import io.drey.model.Entry;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.Value;
import io.drey.partition.BatchOutcome;
import io.drey.partition.Command;
import io.drey.partition.Commands;
import io.drey.partition.Failure;
import io.drey.partition.OperationIds;
import io.vertx.core.Context;
import io.vertx.core.Future;
import java.util.List;
import java.util.function.Function;

/**
 * The records of a store, for one event loop: what the dialects call. A store that was emptied meanwhile is looked up
 * again and the operation repeated, which is sure to have done nothing before; one that is gone fails with
 * {@link StoreGone}. Other failures are a {@link Failure}.
 */
public final class StoreRecords {
    private final Stores stores;
    private final Commands commands;
    private final Context context;

    public StoreRecords(Stores stores, Commands commands, Context context) {
        this.stores = stores;
        this.commands = commands;
        this.context = context;
    }

    /** The committed entry, null when absent. */
    public Future<Entry> read(OpenStore store, byte[] key) {
        if (!store.isOpen()) {
            return reopen(store).compose(open -> read(open, key));
        }
        var entry = commands.read(store.key(key));
        if (entry.succeeded() && store.isOpen()) {
            return entry;
        }
        return entry.transform(done -> {
            if (done.succeeded() && store.isOpen()) {
                return Future.succeededFuture(done.result());
            }
            return done.failed() && !isSpaceClosed(done.cause())
                    ? Future.failedFuture(done.cause())
                    : reopen(store).compose(open -> read(open, key));
        });
    }

    /** Has the operation take effect once; {@code once} null for a request without idempotency key. */
    public Future<Outcome> execute(OpenStore store, byte[] key, Operation operation, Command.Once once) {
        return inOpen(store, open -> commands.send(command(open, new Keyed(key, operation), once)));
    }

    /** All of the operations or none, at one instant. */
    public Future<BatchOutcome> executeAtomically(OpenStore store, List<Keyed> operations, Command.Once once) {
        return inOpen(
                store,
                open -> commands.sendAtomically(
                        operations.stream()
                                .map(keyed -> command(open, keyed, null))
                                .toList(),
                        once));
    }

    /** Ends the record if its time has come. */
    public Future<Outcome> expire(OpenStore store, byte[] key) {
        return commands.expire(store.key(key));
    }

    /** The whole of a large value; the caller has checked its size. */
    public Future<byte[]> bytes(Value.Stored stored) {
        return commands.bytes(stored);
    }

    private static Command command(OpenStore store, Keyed keyed, Command.Once once) {
        return new Command(OperationIds.next(), store.key(keyed.key()), keyed.operation(), store.defaultTtl(), once);
    }

    private <T> Future<T> inOpen(OpenStore store, Function<OpenStore, Future<T>> action) {
        if (!store.isOpen()) {
            return reopen(store).compose(open -> inOpen(open, action));
        }
        return action.apply(store)
                .recover(thrown -> isSpaceClosed(thrown)
                        ? reopen(store).compose(open -> inOpen(open, action))
                        : Future.failedFuture(thrown));
    }

    private static boolean isSpaceClosed(Throwable thrown) {
        return thrown instanceof Failure failure && failure.kind() == Failure.Kind.SPACE_CLOSED;
    }

    private Future<OpenStore> reopen(OpenStore store) {
        if (store.isOpen()) {
            stores.forget(store);
        }
        return stores.find(context, store.account(), store.id())
                .compose(open -> open == null ? Future.failedFuture(new StoreGone()) : Future.succeededFuture(open));
    }

    /** An operation and the key it is for. */
    public record Keyed(byte[] key, Operation operation) {}

    /** The store was deleted while a request for it was under way. Costs no stack trace. */
    public static final class StoreGone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        StoreGone() {
            super("the store was deleted", null, false, false);
        }
    }
}
