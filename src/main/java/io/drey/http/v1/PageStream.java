// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.Loop;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Records.Item;
import io.drey.ledger.Records.Page;
import io.drey.model.MediaType;
import io.drey.model.Value;
import io.vertx.core.Future;
import java.util.Iterator;

/** Sends a page with values piece by piece, so that it is never in memory a second time as JSON. */
final class PageStream {
    private static final int PIECE_BYTES = 128 * 1024;

    private final Exchange exchange;
    private final Services services;
    private final Page page;
    private final Iterator<Item> items;
    private final JsonOut json = new JsonOut();

    PageStream(Exchange exchange, Services services, Page page) {
        this.exchange = exchange;
        this.services = services;
        this.page = page;
        this.items = page.items().iterator();
    }

    Future<Reply> send() {
        json.object().array("items");
        return Loop.run(this::step).transform(done -> {
            if (done.failed() && exchange.response().headWritten()) {
                exchange.breakOff();
                return Future.succeededFuture(Reply.SENT);
            }
            return done.failed() ? Future.failedFuture(done.cause()) : end();
        });
    }

    private Future<Void> step() {
        if (!items.hasNext()) {
            return Loop.END;
        }
        var item = items.next();
        if (item.entry().value() instanceof Value.Stored stored) {
            return services.records().bytes(stored).compose(bytes -> write(item, bytes));
        }
        return write(item, ((Value.Inline) item.entry().value()).bytes());
    }

    private Future<Void> write(Item item, byte[] bytes) {
        ItemJson.value(ItemJson.write(json.object(), item), item, bytes).endObject();
        return json.size() < PIECE_BYTES ? Future.succeededFuture() : flush();
    }

    private Future<Void> flush() {
        if (exchange.isHead()) {
            return Future.succeededFuture();
        }
        var response = exchange.response();
        if (response.closed()) {
            return Future.failedFuture("the reader has gone");
        }
        if (!response.headWritten()) {
            response.setChunked(true).putHeader("Content-Type", MediaType.JSON);
        }
        return exchange.write(Exchange.buffer(json.take()));
    }

    /** A page that has not begun to be sent goes out as a whole. */
    private Future<Reply> end() {
        var rest = ListRoutes.end(json, page).bytes();
        if (!exchange.response().headWritten()) {
            return Future.succeededFuture(Reply.bytes(200, MediaType.JSON, rest));
        }
        return exchange.response().end(Exchange.buffer(rest)).map(Reply.SENT);
    }
}
