// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.Idempotent;
import io.drey.http.Loop;
import io.drey.http.Problem;
import io.drey.http.ProblemType;
import io.drey.http.Problems;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Directory.Cleared;
import io.drey.ledger.Records.Item;
import io.drey.ledger.Records.Listing;
import io.drey.model.Conditions;
import io.drey.model.MediaType;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.partition.Failure;
import io.drey.store.OpenStore;
import io.vertx.core.Future;
import java.util.Collections;
import java.util.Iterator;

/** Deletes many records: those under a prefix one by one, or all of a store at one instant. */
final class DeletionRoute {
    private static final int PAGE_ITEMS = 500;
    private static final int SIDE_BY_SIDE = 256;

    private final Services services;
    private final Access access;

    DeletionRoute(Services services, Access access) {
        this.services = services;
        this.access = access;
    }

    Future<Reply> run(Exchange exchange) {
        return access.store(exchange).compose(store -> {
            var asked = exchange.query().bytes("prefix");
            var prefix = asked == null ? new byte[0] : asked;
            Access.check(exchange.principal().mayWriteAll(store.id(), prefix));
            store.countDelete(services.ledger().now());
            return prefix.length == 0 ? clear(exchange, store) : delete(exchange, store, prefix);
        });
    }

    private Future<Reply> clear(Exchange exchange, OpenStore store) {
        return Idempotent.run(exchange, services, Idempotent.digest(exchange), once -> {
            var remembered = Idempotent.<Cleared>directory(
                    services, once, cleared -> cleared == null ? null : deleted(cleared.records()));
            return services.stores()
                    .clear(services.context(), store, remembered)
                    .map(cleared -> {
                        if (cleared == null) {
                            throw Problem.storeNotFound(store.id()).exception();
                        }
                        var reply = deleted(cleared.records());
                        return once == null ? reply : reply.asRemembered();
                    });
        });
    }

    private static Reply deleted(long number) {
        return Reply.bytes(
                200,
                MediaType.JSON,
                new JsonOut().object().number("deleted", number).endObject().bytes());
    }

    private Future<Reply> delete(Exchange exchange, OpenStore store, byte[] prefix) {
        return Idempotent.run(
                exchange,
                services,
                Idempotent.digest(exchange),
                (once, resumed) -> {
                    var parts = new Parts(services, once, resumed);
                    return parts.begin()
                            .compose(v -> parts.before())
                            .compose(before -> new Run(store, prefix, parts, before).start());
                },
                answer -> {
                    throw new IllegalStateException("a deletion is remembered as a reply");
                });
    }

    /** A deletion by prefix while it runs. */
    private final class Run {
        private final OpenStore store;
        private final byte[] prefix;
        private final Parts parts;
        private final Window window = new Window(SIDE_BY_SIDE);
        private Iterator<Item> items = Collections.emptyIterator();
        private byte[] after;
        private boolean lastPage;
        private int part;
        private long deleted;
        private Throwable failure;

        Run(OpenStore store, byte[] prefix, Parts parts, Parts.Before before) {
            this.store = store;
            this.prefix = prefix;
            this.parts = parts;
            this.part = before.highest();
            this.deleted = before.count();
        }

        Future<Reply> start() {
            return Loop.run(this::step).compose(v -> window.idle()).transform(done -> {
                if (done.failed() && failure == null) {
                    failure = done.cause();
                }
                return parts.end(reply(), failure == null);
            });
        }

        private Future<Void> step() {
            if (failure != null) {
                return Loop.END;
            }
            if (items.hasNext()) {
                delete(items.next().key());
                return window.room();
            }
            return lastPage ? Loop.END : nextPage();
        }

        private Future<Void> nextPage() {
            var listing = new Listing(store.space(), prefix, after, null, PAGE_ITEMS, false, Long.MAX_VALUE);
            return Idempotent.await(services, services.ledger().records().list(listing))
                    .onSuccess(page -> {
                        items = page.items().iterator();
                        after = page.next();
                        lastPage = after == null;
                    })
                    .mapEmpty();
        }

        private void delete(byte[] key) {
            int number = ++part;
            window.run(key, () -> parts.done(
                            number,
                            services.records()
                                    .execute(store, key, new Operation.Delete(Conditions.NONE), parts.part(number)))
                    .onSuccess(outcome -> deleted += ((Outcome.Done) outcome).changed() ? 1 : 0)
                    .onFailure(thrown -> failure = thrown));
        }

        private Reply reply() {
            if (failure == null) {
                return deleted(deleted);
            }
            if (deleted == 0 && !isUnknown()) {
                return Reply.of(Problems.ofFailure(failure));
            }
            return Reply.of(Problem.of(
                            ProblemType.UNKNOWN_OUTCOME,
                            "The deletion broke off: " + failure.getMessage() + " Repeat it to delete the rest.")
                    .with("outcome", "unknown")
                    .with("deleted", deleted));
        }

        private boolean isUnknown() {
            return failure instanceof Failure known && known.kind() == Failure.Kind.UNKNOWN;
        }

        private Reply deleted(long number) {
            return DeletionRoute.deleted(number);
        }
    }
}
