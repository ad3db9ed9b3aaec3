// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * The coding named deflate: the zlib format of RFC 1950, or deflated data without that frame, which some clients send
 * (RFC 9110, 8.4.1.2).
 */
final class DeflateDecoding implements Decoding {
    private final byte[] plain = new byte[RequestDecoder.PIECE_BYTES_MAX];
    private final byte[] head = new byte[2];
    private int headLength;
    private Inflater inflater;
    private boolean isClosed;

    @Override
    public void feed(byte[] bytes, int offset, int length, Sink sink) {
        int position = offset;
        int end = offset + length;
        // The first two bytes tell the formats apart.
        while (headLength < 2 && position < end) {
            head[headLength++] = bytes[position++];
            if (headLength == 2) {
                inflater = new Inflater(!isZlib());
                inflate(head, 0, 2, sink);
            }
        }
        if (position < end) {
            inflate(bytes, position, end - position, sink);
        }
    }

    @Override
    public void end(Sink sink) {
        if (inflater == null || !inflater.finished()) {
            throw malformed();
        }
    }

    @Override
    public void close() {
        if (inflater != null && !isClosed) {
            isClosed = true;
            inflater.end();
        }
    }

    private void inflate(byte[] bytes, int offset, int length, Sink sink) {
        if (inflater.finished()) {
            throw malformed();
        }
        inflater.setInput(bytes, offset, length);
        try {
            while (true) {
                int inflated = inflater.inflate(plain);
                if (inflated > 0) {
                    sink.accept(plain, 0, inflated);
                }
                if (inflater.finished()) {
                    if (inflater.getRemaining() > 0) {
                        throw malformed();
                    }
                    return;
                }
                if (inflated == 0) {
                    if (inflater.needsInput() && !inflater.needsDictionary()) {
                        return;
                    }
                    throw malformed();
                }
            }
        } catch (DataFormatException damaged) {
            throw malformed();
        }
    }

    /** Whether the first bytes are a header of RFC 1950: method 8, window at most 32 KiB, a multiple of 31. */
    private boolean isZlib() {
        int first = head[0] & 0xFF;
        int second = head[1] & 0xFF;
        return (first & 0x0F) == 8 && first >> 4 <= 7 && (first << 8 | second) % 31 == 0;
    }

    private static ProblemException malformed() {
        return RequestDecoder.malformed("deflate");
    }
}
