// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/** Undoes the content coding of a reply, so that what is meant can be read. */
final class ContentCoding {
    private ContentCoding() {}

    /** The decoded bytes; empty for Brotli, which tests decode themselves when they look at it. */
    static Optional<byte[]> decode(Optional<String> coding, byte[] body) {
        var name = coding.orElse("identity");
        try {
            return switch (name) {
                case "identity" -> Optional.of(body);
                case "gzip" -> Optional.of(read(new GZIPInputStream(new ByteArrayInputStream(body))));
                case "deflate" -> Optional.of(read(new InflaterInputStream(new ByteArrayInputStream(body))));
                case "br" -> Optional.empty();
                default -> throw new AssertionError("nobody asked for Content-Encoding: " + name);
            };
        } catch (IOException e) {
            throw new AssertionError("the body is not " + name, e);
        }
    }

    private static byte[] read(InputStream stream) throws IOException {
        try (stream) {
            return stream.readAllBytes();
        }
    }
}
