// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.auth.Tokens;
import io.drey.ledger.Ledger;
import io.drey.partition.Partitions;
import io.drey.partition.Repeats;
import io.drey.store.StoreRecords;
import io.drey.store.Stores;
import io.vertx.core.Context;

/** What the routes of one verticle work with; everything answers on its context. */
public record Services(
        Context context,
        HttpConfig config,
        Ledger ledger,
        Partitions partitions,
        Stores stores,
        StoreRecords records,
        Tokens tokens,
        Repeats repeats) {
    public HttpLimits limits() {
        return config.limits();
    }
}
