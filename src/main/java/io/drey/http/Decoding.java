// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

/** One content coding being undone. Pieces handed to the sink are valid during the call only. */
sealed interface Decoding permits GzipDecoding, DeflateDecoding, BrotliDecoding {
    /**
     * Decodes all of the piece, handing over plain pieces of at most {@link RequestDecoder#PIECE_BYTES_MAX} bytes.
     */
    void feed(byte[] bytes, int offset, int length, Sink sink);

    /** Checks that the coded data is complete, handing over what is left. */
    void end(Sink sink);

    /** Frees native memory; may be called more than once. */
    void close();

    /** Takes plain bytes. */
    interface Sink {
        void accept(byte[] bytes, int offset, int length);
    }
}
