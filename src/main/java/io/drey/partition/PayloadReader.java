// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.ledger.Payloads;
import io.drey.model.Value;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads the whole of a large value, chunk by chunk; for values within a bound that the caller has checked. */
final class PayloadReader {
    private final Payloads payloads;
    private final Value.Stored stored;
    private final byte[] bytes;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();

    private PayloadReader(Payloads payloads, Value.Stored stored) {
        this.payloads = payloads;
        this.stored = stored;
        this.bytes = new byte[Math.toIntExact(stored.size())];
    }

    static CompletionStage<byte[]> read(Payloads payloads, Value.Stored stored) {
        var reader = new PayloadReader(payloads, stored);
        reader.next(0, 0);
        return reader.whole;
    }

    private void next(int index, int offset) {
        if (offset == bytes.length) {
            whole.complete(bytes);
            return;
        }
        payloads.read(stored.id(), index).whenComplete((chunk, failure) -> {
            if (failure != null) {
                whole.completeExceptionally(failure);
                return;
            }
            if (chunk.length == 0 || chunk.length > bytes.length - offset) {
                whole.completeExceptionally(new IllegalStateException("a chunk does not fit its value"));
                return;
            }
            System.arraycopy(chunk, 0, bytes, offset, chunk.length);
            next(index + 1, offset + chunk.length);
        });
    }
}
