// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.Use;
import io.vertx.sqlclient.Row;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of the view of stores. */
final class StoreRow {
    private static final List<String> NAMES = List.of(
            "number",
            "space",
            "id",
            "account",
            "account_id",
            "account_name",
            "name",
            "title",
            "ttl_millis",
            "quota_records",
            "quota_bytes",
            "general_access",
            "created_at",
            "modified_at",
            "accessed_at",
            "records",
            "bytes",
            "reads",
            "writes",
            "deletes",
            "lists",
            "marked");

    private StoreRow() {}

    /** The columns of {@code of} in the order in which {@link #store} reads them. */
    static String columns(String of) {
        return NAMES.stream().map(name -> of + "." + name).collect(Collectors.joining(", "));
    }

    /** The store in the columns from {@code at} on, null when they are. */
    static Store store(Row row, int at) {
        if (row.getLong(at) == null) {
            return null;
        }
        return new Store(
                row.getLong(at),
                row.getLong(at + 1),
                row.getString(at + 2),
                new Account(row.getLong(at + 3), row.getString(at + 4), FreeText.text(row, at + 5)),
                new StoreSettings(
                        row.getString(at + 6),
                        FreeText.text(row, at + 7),
                        row.getLong(at + 8),
                        row.getLong(at + 9),
                        row.getLong(at + 10),
                        row.getString(at + 11)),
                row.getLong(at + 12),
                row.getLong(at + 13),
                row.getLong(at + 14),
                row.getLong(at + 15),
                row.getLong(at + 16),
                new Use(
                        row.getLong(at + 17),
                        row.getLong(at + 18),
                        row.getLong(at + 19),
                        row.getLong(at + 20),
                        row.getLong(at + 14)),
                row.getBoolean(at + 21));
    }
}
