// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.ledger.Durability;
import java.util.List;

/**
 * Settings of the HTTP server. Times are in milliseconds.
 *
 * @param port 0 for any free one
 * @param threads event loops that serve HTTP
 * @param corsOrigins origins that browsers may call from; {@code *} alone for any
 * @param certificate PEM file, empty for plain HTTP
 * @param key PEM file, empty for plain HTTP
 * @param metricsPublic whether {@code /metrics} needs no token
 */
public record HttpConfig(
        String host,
        int port,
        int threads,
        long writeTimeout,
        long requestTimeout,
        long idleTimeout,
        long shutdownTimeout,
        int connectionsMax,
        int inFlightMax,
        List<String> corsOrigins,
        boolean compression,
        String certificate,
        String key,
        boolean metricsPublic,
        Durability durability,
        HttpLimits limits) {
    public HttpConfig {
        if (port < 0 || port > 65_535 || threads < 1 || certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("the HTTP settings contradict themselves");
        }
        corsOrigins = List.copyOf(corsOrigins);
    }

    boolean tls() {
        return !certificate.isEmpty();
    }
}
