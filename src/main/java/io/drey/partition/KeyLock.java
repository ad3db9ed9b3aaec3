// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import java.util.ArrayDeque;
import java.util.Queue;

/** Holds a key for an atomic batch: commands that come meanwhile are parked here and run, in order, afterwards. */
final class KeyLock {
    private Queue<Runnable> parked = new ArrayDeque<>();

    /** False when the lock has just been released: try again without it. */
    synchronized boolean park(Runnable resume) {
        return parked != null && parked.add(resume);
    }

    /** Ends the lock; the caller runs what comes back. */
    synchronized Queue<Runnable> release() {
        var waiting = parked;
        parked = null;
        return waiting;
    }
}
