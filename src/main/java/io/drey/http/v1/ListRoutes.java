// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Accept;
import io.drey.http.Exchange;
import io.drey.http.Idempotent;
import io.drey.http.Problem;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Records.Item;
import io.drey.ledger.Records.Listing;
import io.drey.ledger.Records.Page;
import io.drey.model.MediaType;
import io.drey.model.Value;
import io.drey.store.OpenStore;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Records of a store in key order: as pages of JSON, or all of them as an export. */
final class ListRoutes {
    private final Services services;
    private final Access access;

    ListRoutes(Services services, Access access) {
        this.services = services;
        this.access = access;
    }

    Future<Reply> list(Exchange exchange) {
        return access.store(exchange).compose(store -> {
            store.countList(services.ledger().now());
            return Accept.prefers(exchange.header("Accept"), MediaType.NDJSON, MediaType.JSON)
                    ? new Export(exchange, services, this, store, prefix(exchange, store), key(exchange, "after"))
                            .send()
                    : page(exchange, store);
        });
    }

    private Future<Reply> page(Exchange exchange, OpenStore store) {
        var listing = new Listing(
                store.space(),
                prefix(exchange, store),
                key(exchange, "after"),
                key(exchange, "delimiter"),
                Pages.limit(exchange, services.limits()),
                exchange.query().bool("values", false),
                services.limits().pageBytes());
        return read(exchange, store, listing).compose(page -> reply(page, listing.values()));
    }

    /** Null when the parameter is missing or empty. */
    private static byte[] key(Exchange exchange, String name) {
        var bytes = exchange.query().bytes(name);
        return bytes == null || bytes.length == 0 ? null : bytes;
    }

    /** What was asked for, narrowed to what the token may read. */
    private static byte[] prefix(Exchange exchange, OpenStore store) {
        var asked = key(exchange, "prefix");
        var prefix = exchange.principal().readablePrefix(store.id(), asked == null ? new byte[0] : asked);
        if (prefix == null) {
            throw Problem.forbidden("The token has no scope for this prefix.").exception();
        }
        return prefix;
    }

    /**
     * A page without the records that the token may not read and those past their expiry, whose end is committed
     * before this answers.
     */
    Future<Page> read(Exchange exchange, OpenStore store, Listing listing) {
        return Idempotent.await(services, services.ledger().records().list(listing))
                .compose(page -> withoutExpired(store, page))
                .map(page -> readable(exchange, store, page));
    }

    private Future<Page> withoutExpired(OpenStore store, Page page) {
        long now = services.ledger().now();
        var expired = page.items().stream()
                .filter(item -> item.entry().isExpired(now))
                .toList();
        if (expired.isEmpty()) {
            return Future.succeededFuture(page);
        }
        var ends = expired.stream()
                .map(item -> services.records().expire(store, item.key()))
                .toList();
        return Future.all(ends).map(v -> {
            var alive = page.items().stream()
                    .filter(item -> !expired.contains(item))
                    .toList();
            return new Page(alive, page.prefixes(), page.next());
        });
    }

    private static Page readable(Exchange exchange, OpenStore store, Page page) {
        var principal = exchange.principal();
        if (principal.admin()) {
            return page;
        }
        return new Page(
                page.items().stream()
                        .filter(item -> principal.mayRead(store.id(), item.key()))
                        .toList(),
                page.prefixes().stream()
                        .filter(prefix -> principal.readablePrefix(store.id(), prefix) != null)
                        .toList(),
                page.next());
    }

    private Future<Reply> reply(Page page, boolean values) {
        return writeItems(new JsonOut().object().array("items"), page.items(), values, 0)
                .map(json -> {
                    json.endArray().array("prefixes");
                    page.prefixes().forEach(prefix -> json.text(text(prefix)));
                    json.endArray()
                            .text("next", page.next() == null ? null : text(page.next()))
                            .endObject();
                    return Reply.bytes(200, MediaType.JSON, json.bytes());
                });
    }

    private Future<JsonOut> writeItems(JsonOut json, List<Item> items, boolean values, int from) {
        for (int i = from; i < items.size(); i++) {
            var item = items.get(i);
            ItemJson.write(json.object(), item);
            if (values && item.entry().value() instanceof Value.Stored stored) {
                int next = i + 1;
                return services.records().bytes(stored).compose(bytes -> {
                    ItemJson.value(json, item, bytes).endObject();
                    return writeItems(json, items, true, next);
                });
            }
            if (values) {
                ItemJson.value(json, item, ((Value.Inline) item.entry().value()).bytes());
            }
            json.endObject();
        }
        return Future.succeededFuture(json);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
