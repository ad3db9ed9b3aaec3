// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import java.util.concurrent.CompletionStage;

/**
 * The bytes of large values, streamed in and out in chunks. A payload that no commit binds is swept away in time; one
 * that was bound stays for at least an hour after neither a record nor the log names it.
 */
public interface Payloads {
    /** Bytes in each chunk but the last; a multiple of three, so that chunks can be written as base64 one by one. */
    int CHUNK_BYTES = 192 * 1024;

    /** Values above this many bytes are kept as payloads. */
    int INLINE_BYTES_MAX = 64 * 1024;

    CompletionStage<Long> begin();

    /** Appends chunk {@code index}, counted from 0. Durable with the commit that binds the payload. */
    CompletionStage<Void> append(long id, int index, byte[] chunk);

    /** Chunk {@code index}; fails when it is not there. */
    CompletionStage<byte[]> read(long id, int index);

    /** Lets go of a payload that will not be bound. */
    CompletionStage<Void> abandon(long id);

    /** Removes up to {@code limit} payloads that nothing names any longer; answers how many. */
    CompletionStage<Integer> sweep(int limit);
}
