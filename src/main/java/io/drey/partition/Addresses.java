// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

/** The addresses on the event bus. All but {@link #MOVES} are those of one node. */
public final class Addresses {
    /** Tells every node what another has released or claimed. */
    static final String MOVES = "drey.moves";

    private Addresses() {}

    /** Where a node takes commands for the partitions that it owns. */
    static String commands(String node) {
        return "drey.commands." + node;
    }

    /** Where a node answers reads of records in partitions that it owns. */
    static String reads(String node) {
        return "drey.reads." + node;
    }

    /** Where one event loop of a node gets the answers to its requests. */
    static String answers(String node, String loop) {
        return "drey.answers." + node + "." + loop;
    }

    /** Where a node holds keys for an atomic batch. */
    static String holds(String node) {
        return "drey.holds." + node;
    }

    /** Where a node hears what became of a batch that it holds keys for. */
    static String settlements(String node) {
        return "drey.settlements." + node;
    }
}
