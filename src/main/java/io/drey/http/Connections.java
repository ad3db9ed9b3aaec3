// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpConnection;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts the open connections of a node and closes those beyond the bound. Safe from any thread. */
public final class Connections {
    private final AtomicInteger open = new AtomicInteger();
    private final int max;

    public Connections(int max, MeterRegistry metrics) {
        this.max = max;
        Gauge.builder("drey.http.connections", open, AtomicInteger::get)
                .description("Open connections")
                .register(metrics);
    }

    void opened(HttpConnection connection) {
        if (open.incrementAndGet() > max) {
            connection.close();
        }
    }

    void closed() {
        open.decrementAndGet();
    }
}
