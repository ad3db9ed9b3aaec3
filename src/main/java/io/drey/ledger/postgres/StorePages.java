// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreListing;
import io.drey.ledger.Directory.StorePage;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;

/** Lists stores, with the count of all, as of one instant. */
final class StorePages {
    private static final String ASCENDING = sql("");
    private static final String DESCENDING = sql(" desc");

    private StorePages() {}

    /** One row at least, for the count. Prefixes are compared as bytes, since they may hold any character. */
    private static String sql(String direction) {
        return "with fitting as materialized ("
                + "select s.number, s.created_at from drey.store s where s.account = $1 and ($2 or s.name is not null)"
                + " and (length($3::bytea) = 0 or substr(convert_to(s.name, 'UTF8'), 1, length($3)) = $3)"
                + " and ($4::text[] is null or s.id = any ($4))"
                + "), page as ("
                + "select number, created_at from fitting order by created_at" + direction + ", number" + direction
                + " limit $5 offset $6"
                + ") select (select count(*) from fitting), " + StoreRow.columns("v")
                + " from (select 1) one left join (page join drey.store_seen v on v.number = page.number) on true"
                + " order by page.created_at" + direction + ", page.number" + direction;
    }

    static String sql(StoreListing listing) {
        return listing.descending() ? DESCENDING : ASCENDING;
    }

    static Tuple values(StoreListing listing) {
        String prefix = listing.prefix() == null ? "" : listing.prefix();
        String[] ids = listing.ids() == null
                ? null
                : listing.ids().stream().filter(FreeText::isPlain).toArray(String[]::new);
        return Tuple.of(
                listing.account(),
                listing.unnamed(),
                FreeText.bytes(prefix),
                ids,
                (long) listing.limit(),
                listing.offset());
    }

    static StorePage page(RowSet<Row> rows) {
        var items = new ArrayList<Store>(rows.size());
        long total = 0;
        for (Row row : rows) {
            total = row.getLong(0);
            Store store = StoreRow.store(row, 1);
            if (store != null) {
                items.add(store);
            }
        }
        return new StorePage(items, total);
    }
}
