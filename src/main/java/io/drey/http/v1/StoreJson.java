// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Reply;
import io.drey.ledger.Directory.Dependent;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StorePage;
import io.drey.model.MediaType;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Stores and their dependents, as the API shows them. */
final class StoreJson {
    private StoreJson() {}

    static Reply reply(int status, Store store) {
        return Reply.bytes(status, MediaType.JSON, write(new JsonOut(), store).bytes());
    }

    static Reply created(Store store, boolean created) {
        return reply(created ? 201 : 200, store).with("Location", "/v1/stores/" + store.id());
    }

    static Reply page(StorePage page, long offset, int limit) {
        var json = new JsonOut().object().array("items");
        page.items().forEach(store -> write(json, store));
        json.endArray()
                .number("total", page.total())
                .number("offset", offset)
                .number("limit", limit)
                .endObject();
        return Reply.bytes(200, MediaType.JSON, json.bytes());
    }

    private static JsonOut write(JsonOut json, Store store) {
        var settings = store.settings();
        json.object()
                .text("id", store.id())
                .text("name", settings.name())
                .text("title", settings.title())
                .text("account", store.account().name())
                .text("createdAt", JsonOut.time(store.createdAt()))
                .text("modifiedAt", JsonOut.time(store.modifiedAt()))
                .text("accessedAt", JsonOut.time(store.accessedAt()))
                .number("records", store.records())
                .number("bytes", store.bytes())
                .object("stats")
                .number("reads", store.use().reads())
                .number("writes", store.use().writes())
                .number("deletes", store.use().deletes())
                .number("lists", store.use().lists())
                .endObject();
        if (settings.ttlMillis() == 0) {
            json.nul("ttl");
        } else {
            json.raw("ttl", seconds(settings.ttlMillis()));
        }
        if (settings.quotaRecords() < 0 && settings.quotaBytes() < 0) {
            json.nul("quota");
        } else {
            json.object("quota");
            if (settings.quotaRecords() >= 0) {
                json.number("records", settings.quotaRecords());
            }
            if (settings.quotaBytes() >= 0) {
                json.number("bytes", settings.quotaBytes());
            }
            json.endObject();
        }
        return json.text("generalAccess", settings.generalAccess()).endObject();
    }

    private static byte[] seconds(long millis) {
        var seconds = BigDecimal.valueOf(millis, 3).stripTrailingZeros().toPlainString();
        return seconds.getBytes(StandardCharsets.US_ASCII);
    }

    static JsonOut dependents(JsonOut json, List<Dependent> dependents) {
        for (var dependent : dependents) {
            json.object()
                    .text("name", dependent.name())
                    .text("description", dependent.description())
                    .text("url", dependent.url())
                    .text("kind", dependent.kind())
                    .endObject();
        }
        return json;
    }
}
