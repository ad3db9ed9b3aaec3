// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.RecordKey;
import io.vertx.core.buffer.Buffer;

/** Asks the owner of a key to hold it for an atomic batch until {@code deadline}, in the ledger's milliseconds. */
record Hold(long batch, long deadline, RecordKey key) {
    Buffer toBuffer() {
        return Buffer.buffer(64).appendLong(batch).appendLong(deadline).appendBuffer(Messages.key(key));
    }

    static Hold of(Buffer buffer) {
        var key = buffer.slice(2 * Long.BYTES, buffer.length());
        return new Hold(buffer.getLong(0), buffer.getLong(Long.BYTES), Messages.key(key));
    }
}
