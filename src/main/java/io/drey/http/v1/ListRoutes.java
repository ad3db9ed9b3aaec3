// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Accept;
import io.drey.http.Exchange;
import io.drey.http.Idempotent;
import io.drey.http.Problem;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.ledger.Records.Listing;
import io.drey.ledger.Records.Page;
import io.drey.model.MediaType;
import io.drey.store.OpenStore;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;

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
        return read(exchange, store, listing)
                .compose(page -> listing.values()
                        ? new PageStream(exchange, services, page).send()
                        : Future.succeededFuture(reply(page)));
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

    private static Reply reply(Page page) {
        var json = new JsonOut().object().array("items");
        page.items().forEach(item -> ItemJson.write(json.object(), item).endObject());
        return Reply.bytes(200, MediaType.JSON, end(json, page).bytes());
    }

    /** What follows the items of a page. */
    static JsonOut end(JsonOut json, Page page) {
        json.endArray().array("prefixes");
        page.prefixes().forEach(prefix -> json.text(text(prefix)));
        return json.endArray()
                .text("next", page.next() == null ? null : text(page.next()))
                .endObject();
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
