// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * Says why a text is not acceptable JSON (RFC 8259, read strictly). The message is one plain phrase that may be shown
 * to whoever sent the text. It carries no stack trace: refusing bad input is ordinary work and has to stay cheap.
 */
public final class MalformedJsonException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long offset;

    /**
     * @param offset the byte where the trouble was noticed, counted from the start of the text; -1 when there is none
     */
    public MalformedJsonException(String message, long offset) {
        super(message, null, false, false);
        this.offset = offset;
    }

    public long offset() {
        return offset;
    }
}
