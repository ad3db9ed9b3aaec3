// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Reply;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.model.MediaType;
import java.util.List;

/** The kept versions of a record, as the API shows them. */
final class HistoryJson {
    private HistoryJson() {}

    /** {@code entries} are one more than {@code limit} when there are more. */
    static Reply reply(List<LogEntry> entries, int limit) {
        var shown = entries.subList(0, Math.min(limit, entries.size()));
        var json = new JsonOut().object().array("items");
        for (var entry : shown) {
            json.object()
                    .number("version", entry.position())
                    .text("operation", entry.operation())
                    .text("time", JsonOut.time(entry.time()))
                    .numberOrNull("size", entry.size(), -1)
                    .text("contentType", entry.contentType())
                    .endObject();
        }
        json.endArray();
        boolean more = entries.size() > limit;
        json.numberOrNull("next", more ? shown.get(limit - 1).position() : 0, 0).endObject();
        return Reply.bytes(200, MediaType.JSON, json.bytes());
    }
}
