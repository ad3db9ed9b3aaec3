// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;

/** Ids of commands: a random start for each process, then counted up, so that they repeat neither here nor elsewhere. */
public final class OperationIds {
    private static final AtomicLong NEXT = new AtomicLong(new SecureRandom().nextLong() & (Long.MAX_VALUE >> 1));

    private OperationIds() {}

    public static long next() {
        return NEXT.getAndIncrement();
    }
}
