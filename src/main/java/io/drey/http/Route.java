// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.stream.IntStream;

/**
 * One operation of the API: how it is asked for and who answers.
 *
 * @param name for metrics, as in the API's description
 * @param audience who is let in
 */
public record Route(String method, String template, String name, Audience audience, Handler handler) {
    public static Route of(String method, String template, String name, Handler handler) {
        return new Route(method, template, name, Audience.TOKENS, handler);
    }

    public static Route open(String method, String template, String name, Handler handler) {
        return new Route(method, template, name, Audience.EVERYBODY, handler);
    }

    /** Who is let in. */
    public enum Audience {
        /** Whoever has a token that is known and valid. */
        TOKENS,
        /** The same, and the first administrator even while nobody can tell which tokens are valid. */
        OPERATORS,
        /** Whoever asks. */
        EVERYBODY
    }

    boolean isWrite() {
        return !method.equals("GET");
    }

    /** A route and the timers of its answers, by class of status. */
    static final class Timed {
        private static final int CLASSES = 6;
        private static final Duration[] BUCKETS = IntStream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_000, 10_000)
                .mapToObj(Duration::ofMillis)
                .toArray(Duration[]::new);

        private final Route route;
        private final MeterRegistry metrics;
        private final Timer[] timers = new Timer[CLASSES];

        Timed(Route route, MeterRegistry metrics) {
            this.route = route;
            this.metrics = metrics;
        }

        Route route() {
            return route;
        }

        /** Made at its first use, so that what never happens takes no room in the metrics. */
        Timer timer(int status) {
            int statusClass = Math.max(1, Math.min(status / 100, CLASSES - 1));
            if (timers[statusClass] == null) {
                timers[statusClass] = Timer.builder("drey.http.requests")
                        .description("Requests by operation and class of status")
                        .tag("operation", route.name())
                        .tag("status", statusClass + "xx")
                        .serviceLevelObjectives(BUCKETS)
                        .register(metrics);
            }
            return timers[statusClass];
        }
    }
}
