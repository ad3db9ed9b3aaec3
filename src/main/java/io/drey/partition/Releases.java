// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.vertx.core.Context;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gathers what is to run on each event loop, so that each is woken once for all of it: a wake-up costs more than most
 * of the answers that it brings. Used by one thread.
 */
final class Releases {
    private final Map<Context, List<Runnable>> byContext = new IdentityHashMap<>();

    void add(Context context, Runnable action) {
        byContext.computeIfAbsent(context, any -> new ArrayList<>()).add(action);
    }

    void run() {
        byContext.forEach((context, actions) -> context.runOnContext(v -> actions.forEach(Runnable::run)));
        byContext.clear();
    }
}
