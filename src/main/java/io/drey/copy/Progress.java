// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import io.drey.ledger.tables.Table;
import java.io.PrintStream;

/** Says now and then how far it is, so that a long copy does not look like one that hangs. */
final class Progress {
    private static final long PERIOD_NANOS = 5_000_000_000L;
    private static final int ROWS_BETWEEN_LOOKS = 256;

    private final PrintStream out;
    private long last = System.nanoTime();

    Progress(PrintStream out) {
        this.out = out;
    }

    void at(String step, Table table, long rows) {
        if (rows % ROWS_BETWEEN_LOOKS == 0 && System.nanoTime() - last > PERIOD_NANOS) {
            last = System.nanoTime();
            out.printf("%s %s: %,d rows%n", step, table.label(), rows);
        }
    }
}
