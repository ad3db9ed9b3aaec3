// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.Token;
import io.vertx.sqlclient.Row;

/** Rows of the view of tokens. */
final class TokenRow {
    /** In the order in which {@link #token} reads them. */
    static final String COLUMNS = "t.id, t.hash, t.name, t.account, t.account_id, t.account_name, t.scopes,"
            + " t.created_at, t.expires_at, t.last_used_at, t.marked";

    private TokenRow() {}

    static Token token(Row row) {
        return new Token(
                row.getString(0),
                row.getBuffer(1).getBytes(),
                FreeText.text(row, 2),
                new Account(row.getLong(3), row.getString(4), FreeText.text(row, 5)),
                row.getString(6),
                row.getLong(7),
                row.getLong(8),
                row.getLong(9),
                row.getBoolean(10));
    }
}
