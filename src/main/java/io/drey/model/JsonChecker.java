// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * Decides whether bytes that arrive in pieces are one acceptable JSON text, exactly as {@link Json#parse(byte[], int)}
 * would, without keeping them. Memory grows only with the nesting and with the number of members in the objects that
 * are open: 32 to 64 bytes for each. After an exception the checker is spent. Not safe for concurrent use; never
 * blocks.
 */
public final class JsonChecker {
    private final JsonScanner scanner;

    /** @param depthMax how many arrays and objects may lie inside each other; 0 admits scalars only */
    public JsonChecker(int depthMax) {
        scanner = new JsonScanner(depthMax, null, true);
    }

    /** Checks a whole text at once. */
    public static void check(byte[] bytes, int depthMax) throws MalformedJsonException {
        JsonScanner.scan(bytes, 0, bytes.length, depthMax, null, true);
    }

    /** Takes the next piece, which may be cut anywhere, inside a letter or a number too. The array is not kept. */
    public void feed(byte[] bytes, int offset, int length) throws MalformedJsonException {
        scanner.feed(bytes, offset, length);
    }

    /** Says that the text is complete; only now a number at its end, or an incomplete text, can be told. */
    public void end() throws MalformedJsonException {
        scanner.end();
    }

    /** Whether the text holds neither a carriage return nor a line feed; asked after {@link #end}. */
    public boolean singleLine() {
        return scanner.singleLine();
    }
}
