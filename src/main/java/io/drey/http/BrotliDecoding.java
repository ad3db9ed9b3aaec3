// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import com.aayushatharva.brotli4j.decoder.DecoderJNI;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The format of RFC 7932, decoded by the native library, which keeps a window of at most 16 MiB. */
final class BrotliDecoding implements Decoding {
    private static final int INPUT_BYTES = 16 * 1024;

    private final DecoderJNI.Wrapper decoder;
    private boolean isClosed;

    BrotliDecoding() {
        try {
            this.decoder = new DecoderJNI.Wrapper(INPUT_BYTES);
        } catch (IOException noMemory) {
            throw new IllegalStateException("no native decoder", noMemory);
        }
    }

    @Override
    public void feed(byte[] bytes, int offset, int length, Sink sink) {
        int position = offset;
        int end = offset + length;
        while (position < end) {
            // What comes after the end of the stream is not part of it; within one push the library tells by an error.
            if (decoder.getStatus() == DecoderJNI.Status.DONE) {
                throw malformed();
            }
            var input = decoder.getInputBuffer();
            input.clear();
            int taken = Math.min(input.remaining(), end - position);
            input.put(bytes, position, taken);
            position += taken;
            decoder.push(taken);
            drain(sink);
        }
    }

    @Override
    public void end(Sink sink) {
        if (decoder.getStatus() != DecoderJNI.Status.DONE) {
            throw malformed();
        }
    }

    @Override
    public void close() {
        if (!isClosed) {
            isClosed = true;
            decoder.destroy();
        }
    }

    /** Hands over everything that the input pushed so far decodes to. */
    private void drain(Sink sink) {
        while (true) {
            switch (decoder.getStatus()) {
                case OK -> decoder.push(0);
                case NEEDS_MORE_OUTPUT -> pull(sink);
                case NEEDS_MORE_INPUT, DONE -> {
                    if (!decoder.hasOutput()) {
                        return;
                    }
                    pull(sink);
                }
                case ERROR -> throw malformed();
            }
        }
    }

    private void pull(Sink sink) {
        ByteBuffer output = decoder.pull();
        while (output.hasRemaining()) {
            var piece = new byte[Math.min(output.remaining(), RequestDecoder.PIECE_BYTES_MAX)];
            output.get(piece);
            sink.accept(piece, 0, piece.length);
        }
    }

    private static ProblemException malformed() {
        return RequestDecoder.malformed("br");
    }
}
