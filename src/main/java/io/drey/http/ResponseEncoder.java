// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;
import com.aayushatharva.brotli4j.encoder.BrotliOutputStream;
import com.aayushatharva.brotli4j.encoder.Encoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.zip.GZIPOutputStream;

/**
 * Codes a long answer piece by piece. What the methods give back is to be sent in their order and may be empty. Holds
 * native memory until {@link #finish} or {@link #close}. Not thread-safe.
 */
public final class ResponseEncoder implements AutoCloseable {
    /** Of 11; the higher ones cost more time than they save on a network. */
    private static final int BROTLI_QUALITY = 4;

    private final ByteArrayOutputStream coded = new ByteArrayOutputStream();
    private final OutputStream encoder;
    private boolean isClosed;

    ResponseEncoder(ContentCoding coding) throws IOException {
        this.encoder = switch (coding) {
            case IDENTITY -> coded;
            case GZIP -> new GZIPOutputStream(coded, 8192, true);
            case BR -> brotli(coded);
        };
    }

    /** Takes a piece; it may stay inside until later. */
    public byte[] update(byte[] piece) {
        try {
            encoder.write(piece);
            return drain();
        } catch (IOException neverOfMemory) {
            throw new IllegalStateException(neverOfMemory);
        }
    }

    /** Everything taken so far, so that the client can decode it now. */
    public byte[] flush() {
        try {
            encoder.flush();
            return drain();
        } catch (IOException neverOfMemory) {
            throw new IllegalStateException(neverOfMemory);
        }
    }

    /** The rest, with the end of the coded stream. */
    public byte[] finish() {
        close();
        return drain();
    }

    /** Frees what is held; an answer that is broken off is closed without being finished. */
    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            encoder.close();
        } catch (IOException neverOfMemory) {
            throw new IllegalStateException(neverOfMemory);
        }
    }

    private static OutputStream brotli(OutputStream coded) throws IOException {
        Brotli4jLoader.ensureAvailability();
        return new BrotliOutputStream(coded, new Encoder.Parameters().setQuality(BROTLI_QUALITY));
    }

    private byte[] drain() {
        if (coded.size() == 0) {
            return new byte[0];
        }
        var bytes = coded.toByteArray();
        coded.reset();
        return bytes;
    }
}
