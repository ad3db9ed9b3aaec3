// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Records.Item;
import io.drey.ledger.Records.Listing;
import io.drey.ledger.Records.Page;
import io.drey.model.MediaType;
import io.drey.model.Value;
import io.drey.store.OpenStore;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.List;

/**
 * Streams records as lines of JSON, page by page at the pace of the reader. Each page is a snapshot of its own. An
 * export that cannot be finished is broken off.
 */
final class Export {
    private static final int PAGE_ITEMS = 500;
    private static final long PAGE_BYTES = 1 << 20;

    private final Exchange exchange;
    private final Services services;
    private final ListRoutes lists;
    private final OpenStore store;
    private final byte[] prefix;
    private final byte[] after;
    private final Promise<Reply> sent = Promise.promise();

    Export(Exchange exchange, Services services, ListRoutes lists, OpenStore store, byte[] prefix, byte[] after) {
        this.exchange = exchange;
        this.services = services;
        this.lists = lists;
        this.store = store;
        this.prefix = prefix;
        this.after = after;
    }

    Future<Reply> send() {
        exchange.response().exceptionHandler(e -> sent.tryComplete(Reply.SENT));
        next(after);
        return sent.future();
    }

    private void next(byte[] position) {
        if (exchange.response().closed()) {
            sent.tryComplete(Reply.SENT);
            return;
        }
        var listing = new Listing(store.space(), prefix, position, null, PAGE_ITEMS, true, PAGE_BYTES);
        lists.read(exchange, store, listing)
                .compose(this::write)
                .onSuccess(page -> {
                    if (page.next() != null) {
                        next(page.next());
                    } else {
                        exchange.response().end().onComplete(v -> sent.tryComplete(Reply.SENT));
                    }
                })
                .onFailure(this::fail);
    }

    private void fail(Throwable failure) {
        if (exchange.response().headWritten()) {
            exchange.breakOff();
            sent.tryComplete(Reply.SENT);
        } else {
            sent.tryFail(failure);
        }
    }

    private Future<Page> write(Page page) {
        var response = exchange.response();
        if (!response.headWritten()) {
            response.setChunked(true).putHeader("Content-Type", MediaType.NDJSON);
            if (exchange.isHead()) {
                return Future.succeededFuture(new Page(List.of(), List.of(), null));
            }
        }
        return write(page.items(), 0).map(page);
    }

    private Future<Void> write(List<Item> items, int from) {
        var lines = Buffer.buffer();
        for (int i = from; i < items.size(); i++) {
            var item = items.get(i);
            if (item.entry().value() instanceof Value.Stored stored) {
                int next = i + 1;
                return exchange.write(lines)
                        .compose(v -> services.records().bytes(stored))
                        .compose(bytes -> exchange.write(Exchange.buffer(line(item, bytes))))
                        .compose(v -> write(items, next));
            }
            lines.appendBytes(line(item, ((Value.Inline) item.entry().value()).bytes()));
        }
        return exchange.write(lines);
    }

    private static byte[] line(Item item, byte[] bytes) {
        var json = ItemJson.lineValue(ItemJson.write(new JsonOut().object(), item), item, bytes)
                .endObject();
        return json.line();
    }
}
