// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.HttpLimits;

/** Parameters of listings. */
final class Pages {
    private Pages() {}

    static int limit(Exchange exchange, HttpLimits limits) {
        int standard = Math.min(HttpLimits.PAGE_ITEMS_DEFAULT, limits.pageItems());
        return exchange.query().integer("limit", standard, 1, limits.pageItems());
    }
}
