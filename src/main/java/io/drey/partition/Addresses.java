// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

/** The addresses on the event bus. */
public final class Addresses {
    private Addresses() {}

    /** Where a node takes commands for the partitions that it owns. */
    public static String commands(String nodeName) {
        return "drey.commands." + nodeName;
    }
}
