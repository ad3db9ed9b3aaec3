// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Marks;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.CompletionStage;

/** Announcements of changes, in the turn. */
final class PostgresMarks implements Marks {
    private static final String PUT = "select drey.put_mark($1, $2, $3)";
    private static final String REMOVE = "select drey.remove_mark($1, $2, $3)";

    private final Database database;

    PostgresMarks(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<Boolean> put(Mark mark) {
        return database.write(PUT, values(mark), rows -> rows.iterator().next().getBoolean(0));
    }

    @Override
    public CompletionStage<Void> remove(Mark mark) {
        return database.write(REMOVE, values(mark), rows -> null);
    }

    private Tuple values(Mark mark) {
        return Tuple.of(database.server(), mark.subject(), mark.incarnation());
    }
}
