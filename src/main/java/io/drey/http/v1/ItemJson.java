// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.ledger.Records.Item;
import io.drey.model.MediaType;

/** A record in a listing or export. */
final class ItemJson {
    private ItemJson() {}

    /** The members of an item, into an object that is open. */
    static JsonOut write(JsonOut json, Item item) {
        var entry = item.entry();
        return json.text("key", ListRoutes.text(item.key()))
                .number("size", item.size())
                .text("contentType", entry.contentType())
                .number("version", entry.version())
                .text("createdAt", JsonOut.time(entry.createdAt()))
                .text("modifiedAt", JsonOut.time(entry.modifiedAt()))
                .timeOrNull("expiresAt", entry.expiresAt());
    }

    static JsonOut value(JsonOut json, Item item, byte[] bytes) {
        return MediaType.isJson(item.entry().contentType()) ? json.raw("value", bytes) : json.base64("base64", bytes);
    }

    /** Like {@link #value}, on one line: JSON that has a line break goes as base64. */
    static JsonOut lineValue(JsonOut json, Item item, byte[] bytes) {
        return MediaType.isJson(item.entry().contentType()) && isOneLine(bytes)
                ? json.raw("value", bytes)
                : json.base64("base64", bytes);
    }

    private static boolean isOneLine(byte[] bytes) {
        for (byte b : bytes) {
            if (b == '\n' || b == '\r') {
                return false;
            }
        }
        return true;
    }
}
