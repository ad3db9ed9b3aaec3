// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.vertx.core.Context;
import io.vertx.core.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends records whose time has come, about once a second, by commands like any other. Runs on one event loop. */
final class Expiry {
    private static final Logger LOG = LoggerFactory.getLogger(Expiry.class);
    private static final long PERIOD_MILLIS = 500;
    private static final int ROUND_MAX = 1_000;

    private final Partitions partitions;
    private final Commands commands;
    private final Context context;
    private boolean running;

    Expiry(Partitions partitions, Commands commands, Context context) {
        this.partitions = partitions;
        this.commands = commands;
        this.context = context;
    }

    void start() {
        context.owner().setPeriodic(PERIOD_MILLIS, timer -> {
            if (!running) {
                running = true;
                round();
            }
        });
    }

    private void round() {
        partitions
                .ledger()
                .records()
                .expired(partitions.ledger().now(), ROUND_MAX)
                .whenComplete((keys, failure) -> context.runOnContext(v -> {
                    if (failure != null) {
                        LOG.debug("Expired records cannot be looked for: {}", failure.getMessage());
                        running = false;
                        return;
                    }
                    var own = keys.stream()
                            .filter(key -> partitions.owner(key) != null)
                            .toList();
                    Future.join(own.stream().map(commands::expire).toList()).onComplete(done -> {
                        if (done.succeeded() && keys.size() == ROUND_MAX && !own.isEmpty()) {
                            round();
                        } else {
                            running = false;
                        }
                    });
                }));
    }
}
