// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

/** PostgreSQL cannot be started or went away. The message is one line for whoever started it; it holds no secret. */
public final class LocalPostgresException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LocalPostgresException(String message) {
        super(message);
    }

    LocalPostgresException(String message, Throwable cause) {
        super(message, cause);
    }
}
