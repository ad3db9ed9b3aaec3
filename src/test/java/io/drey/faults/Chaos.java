// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** How much of a story is told: little in the default run, more with {@code -Ddrey.chaos=true}. */
final class Chaos {
    private Chaos() {}

    static boolean isOn() {
        return Boolean.getBoolean("drey.chaos");
    }

    /** The first in the default run, else the second. */
    static int either(int brief, int thorough) {
        return isOn() ? thorough : brief;
    }

    /** Seconds: the first in the default run, else the second. */
    static Duration seconds(int brief, int thorough) {
        return Duration.ofSeconds(either(brief, thorough));
    }

    /** The seed of a run: a given one, or another each time. */
    static long seed() {
        return Long.getLong("drey.seed", System.nanoTime());
    }

    /** Lets a fault last. Its length is what the story is about; nothing else is waited for in this way. */
    static void last(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        for (long left; (left = end - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
        }
    }
}
