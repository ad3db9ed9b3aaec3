// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Undoes the Content-Encoding of a request body while it arrives (RFC 9110, 8.4): gzip, deflate and br, also one over
 * another. Plain pieces have at most {@link #PIECE_BYTES_MAX} bytes and are made one at a time, so a consumer that
 * throws stops a body that would grow without end; its exception goes through to the caller of {@code feed}. Holds
 * native memory until closed, on whatever way the request ends. Not thread-safe.
 */
public final class RequestDecoder implements AutoCloseable {
    public static final int PIECE_BYTES_MAX = 64 * 1024;

    /** No client has a reason for more, and each one multiplies what a small body can expand to. */
    private static final int CODINGS_MAX = 3;

    private static final String UNDERSTOOD = "gzip, deflate, br";

    /** The outermost coding, which was applied last, comes first. */
    private final List<Decoding> decodings;

    private RequestDecoder(List<Decoding> decodings) {
        this.decodings = decodings;
    }

    /**
     * A decoder for the lines of Content-Encoding, or null when the body is not coded.
     *
     * @throws ProblemException 415 for a coding that is not known, or too many of them
     */
    public static RequestDecoder of(List<String> lines) {
        if (lines.isEmpty()) {
            return null;
        }
        var names = new ArrayList<String>();
        for (var name : String.join(",", lines).split(",", -1)) {
            var token = name.strip().toLowerCase(Locale.ROOT);
            if (!token.isEmpty() && !token.equals("identity")) {
                names.add(token);
            }
        }
        if (names.isEmpty()) {
            return null;
        }
        // All are checked before the first of them takes native memory.
        if (names.size() > CODINGS_MAX || !names.stream().allMatch(RequestDecoder::isKnown)) {
            throw Problem.unsupportedMediaType("The content codings understood here are " + UNDERSTOOD + ".")
                    .withHeader("Accept-Encoding", UNDERSTOOD)
                    .exception();
        }
        Collections.reverse(names);
        return new RequestDecoder(names.stream().map(RequestDecoder::decoding).toList());
    }

    /**
     * Decodes what has arrived.
     *
     * @throws ProblemException 400 when it cannot be coded data, or goes on after its end
     */
    public void feed(Buffer coded, Consumer<Buffer> consumer) {
        var bytes = coded.getBytes();
        stage(0, consumer).accept(bytes, 0, bytes.length);
    }

    /**
     * To be called after the last {@link #feed}, once.
     *
     * @throws ProblemException 400 when the coded data is not complete; an empty body is not
     */
    public void end(Consumer<Buffer> consumer) {
        for (int index = 0; index < decodings.size(); index++) {
            decodings.get(index).end(stage(index + 1, consumer));
        }
    }

    @Override
    public void close() {
        decodings.forEach(Decoding::close);
    }

    static ProblemException malformed(String coding) {
        return Problem.malformed("The body is not " + coding + " data, is cut short, or goes on after its end.")
                .exception();
    }

    private Decoding.Sink stage(int index, Consumer<Buffer> consumer) {
        if (index < decodings.size()) {
            return (bytes, offset, length) ->
                    decodings.get(index).feed(bytes, offset, length, stage(index + 1, consumer));
        }
        return (bytes, offset, length) -> consumer.accept(Buffer.buffer(length).appendBytes(bytes, offset, length));
    }

    private static boolean isKnown(String name) {
        return switch (name) {
            case "gzip", "x-gzip", "deflate" -> true;
            case "br" -> Brotli.AVAILABLE;
            default -> false;
        };
    }

    private static Decoding decoding(String name) {
        return switch (name) {
            case "deflate" -> new DeflateDecoding();
            case "br" -> new BrotliDecoding();
            default -> new GzipDecoding();
        };
    }
}
