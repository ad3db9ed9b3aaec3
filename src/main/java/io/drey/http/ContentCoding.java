// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.model.MediaType;
import java.io.IOException;
import java.util.Set;

/**
 * The codings that answers can have on their way out (RFC 9110, 8.4.1). A coded answer has a weak entity tag and Vary:
 * Accept-Encoding.
 */
public enum ContentCoding {
    IDENTITY("identity"),
    GZIP("gzip"),
    BR("br");

    private static final Set<String> COMPRESSIBLE = Set.of(
            "application/json",
            "application/x-ndjson",
            "application/ndjson",
            "application/xml",
            "application/javascript",
            "application/x-javascript",
            "application/ecmascript",
            "application/yaml",
            "application/openapi+yaml",
            "image/svg+xml");

    private final String token;

    ContentCoding(String token) {
        this.token = token;
    }

    /** The value of Content-Encoding; identity is never sent. */
    public String token() {
        return token;
    }

    /**
     * The coding to use for this Accept-Encoding, null when the request has none. A client gets br only when it names
     * it; where nothing that is allowed is left, the answer goes out as it is, which RFC 9110 prefers to refusing.
     */
    public static ContentCoding negotiate(String acceptEncoding) {
        if (acceptEncoding == null || acceptEncoding.isEmpty()) {
            return IDENTITY;
        }
        var list = new WeightedList(acceptEncoding);
        int gzip = list.weightOfFirst("gzip", "x-gzip", "*");
        int br = list.weight("br");
        // Identity that is not listed is allowed, but wanted less than anything listed.
        int identity = list.weight("identity");
        if (br > 0 && br >= gzip && br >= identity && Brotli.AVAILABLE) {
            return BR;
        }
        return gzip > 0 && gzip >= identity ? GZIP : IDENTITY;
    }

    /**
     * Whether answers of this type are worth compressing. Event streams are not: each event would wait for the next.
     */
    public static boolean compressible(String contentType) {
        var essence = MediaType.essence(contentType);
        if (essence.startsWith("text/")) {
            return !essence.equals("text/event-stream");
        }
        return COMPRESSIBLE.contains(essence) || essence.endsWith("+json") || essence.endsWith("+xml");
    }

    /** Codes a whole answer; identity gives back the same array. */
    public byte[] encode(byte[] plain) {
        if (this == IDENTITY) {
            return plain;
        }
        try (var encoder = encoder()) {
            var head = encoder.update(plain);
            var tail = encoder.finish();
            var coded = new byte[head.length + tail.length];
            System.arraycopy(head, 0, coded, 0, head.length);
            System.arraycopy(tail, 0, coded, head.length, tail.length);
            return coded;
        }
    }

    /** An encoder for an answer that is made piece by piece; the caller closes it. */
    public ResponseEncoder encoder() {
        try {
            return new ResponseEncoder(this);
        } catch (IOException neverOfMemory) {
            throw new IllegalStateException(neverOfMemory);
        }
    }
}
