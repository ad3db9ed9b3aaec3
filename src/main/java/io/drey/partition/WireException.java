// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

/** Bytes from another node that cannot be understood. Nothing of what they ask for was begun. */
class WireException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    WireException(String message) {
        super(message);
    }

    WireException(String message, Throwable cause) {
        super(message, cause);
    }
}
