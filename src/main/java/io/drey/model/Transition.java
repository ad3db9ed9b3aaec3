// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * What an operation does to a record.
 *
 * @param next the record afterwards, null when absent
 * @param change null when nothing changed; {@code next} is then the state that was found
 */
public record Transition(Entry next, Outcome outcome, Change change) {
    static Transition unchanged(Entry current, Outcome outcome) {
        return new Transition(current, outcome, null);
    }
}
