// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.EntityTags;
import io.drey.http.Exchange;
import io.drey.http.HttpDate;
import io.drey.model.Conditions;
import io.drey.model.Conditions.Versions;

/** The conditions of a write, from its headers (RFC 9110, 13.1). */
final class WriteConditions {
    private WriteConditions() {}

    static Conditions of(Exchange exchange) {
        var headers = exchange.request().headers();
        var ifMatch = headers.contains("If-Match") ? EntityTags.parse(headers.getAll("If-Match")) : null;
        var ifNoneMatch = headers.contains("If-None-Match") ? EntityTags.parse(headers.getAll("If-None-Match")) : null;
        var since = headers.get("If-Unmodified-Since");
        if (ifMatch == null && ifNoneMatch == null && since == null) {
            return Conditions.NONE;
        }
        long unmodifiedSince = -1;
        if (since != null) {
            var date = HttpDate.parse(since);
            unmodifiedSince = date.isPresent() ? date.getAsLong() / 1000 : -1;
        }
        return new Conditions(
                ifMatch == null ? null : new Versions(ifMatch.any(), ifMatch.strongVersions()),
                ifNoneMatch == null ? null : new Versions(ifNoneMatch.any(), ifNoneMatch.weakVersions()),
                unmodifiedSince);
    }
}
