// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

/** Hands the logging settings to the logging library, which reads them when the first logger is made. */
public final class Logging {
    private Logging() {}

    /** Call it before any class with a logger is loaded: later calls have no effect. */
    public static void configure(Settings settings) {
        System.setProperty(
                "drey.logging.level", settings.oneOf("logging.level", "trace", "debug", "info", "warn", "error"));
        System.setProperty("drey.logging.format", settings.oneOf("logging.format", "text", "json"));
        // Without it Hazelcast writes to java.util.logging, past our format.
        System.setProperty("hazelcast.logging.type", "slf4j");
    }
}
