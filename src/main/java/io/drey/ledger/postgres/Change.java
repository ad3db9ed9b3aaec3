// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** A change of the directory, made by one call of a function; see {@link Changes}. */
interface Change<T> {
    /** What to select of the function's result, named {@code f}; the outcome comes first. */
    String columns();

    String function();

    /** Its parameters after the server and before what was foreseen. */
    List<Object> values();

    /** How many parameters tell what was foreseen. */
    int foreseenValues();

    /** What it would come to now. Asked only when there is an answer to be kept. */
    CompletionStage<Foreseen<T>> foresee();

    /** What it came to. */
    T result(RowSet<Row> rows);

    /** What it came to when that is as foreseen: the answer that was kept tells of the same. */
    default T result(RowSet<Row> rows, T foreseen) {
        return foreseen;
    }
}
