// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Marks.Mark;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Deletes a token: whether there was one. */
record TokenRemoval(Lookups lookups, long account, String id, Mark mark) implements Change<Boolean> {
    @Override
    public String columns() {
        return "f";
    }

    @Override
    public String function() {
        return "delete_token";
    }

    @Override
    public List<Object> values() {
        return Arrays.asList(
                account,
                // No id holds a character that the column cannot.
                FreeText.isPlain(id) ? id : "",
                mark == null ? null : mark.subject(),
                mark == null ? null : mark.incarnation());
    }

    @Override
    public int foreseenValues() {
        return 1;
    }

    @Override
    public CompletionStage<Foreseen<Boolean>> foresee() {
        return lookups.hasToken(account, id).thenApply(isThere -> Foreseen.of(isThere, isThere ? "deleted" : "absent"));
    }

    @Override
    public Boolean result(RowSet<Row> rows) {
        return rows.iterator().next().getString(0).equals("deleted");
    }
}
