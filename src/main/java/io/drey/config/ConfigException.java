// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

/** The configuration cannot be used. The message is one line for whoever starts the server; it holds no secret. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigException(String message) {
        super(message);
    }
}
