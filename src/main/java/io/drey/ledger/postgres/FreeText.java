// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import java.nio.charset.StandardCharsets;

/**
 * Text that may hold any character. It is UTF-8 in columns of bytes, since text of PostgreSQL refuses the character
 * zero, which JSON allows.
 */
final class FreeText {
    private FreeText() {}

    /** Null for null. */
    static Buffer bytes(String text) {
        return text == null ? null : Buffer.buffer(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Null for null. */
    static String text(Row row, int column) {
        Buffer bytes = row.getBuffer(column);
        return bytes == null ? null : bytes.toString(StandardCharsets.UTF_8);
    }

    /** Whether a column of text can hold this; what it cannot hold is not found there. */
    static boolean isPlain(String text) {
        return text.indexOf('\0') < 0;
    }
}
