// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Answers.Answer;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;

/** Rows of remembered answers. */
final class AnswerRow {
    /** In the order in which {@link #answer} reads them. */
    static final String COLUMNS = "a.account, a.key, a.part, a.fingerprint, a.version, a.content, a.created_at";

    private AnswerRow() {}

    static Answer answer(Row row) {
        return new Answer(
                row.getLong(0),
                row.getString(1),
                row.getInteger(2),
                bytes(row.getBuffer(3)),
                row.getLong(4),
                bytes(row.getBuffer(5)),
                row.getLong(6));
    }

    /** What the functions that keep an answer take. */
    static Tuple values(String server, Answer answer) {
        return Tuple.of(
                server,
                answer.account(),
                answer.key(),
                answer.part(),
                buffer(answer.fingerprint()),
                answer.version(),
                answer.createdAt(),
                buffer(answer.content()));
    }

    static Buffer buffer(byte[] bytes) {
        return bytes == null ? null : Buffer.buffer(bytes);
    }

    private static byte[] bytes(Buffer buffer) {
        return buffer == null ? null : buffer.getBytes();
    }
}
