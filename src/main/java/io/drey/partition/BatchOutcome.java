// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Outcome;
import java.util.List;

/** What came of an atomic batch. */
public sealed interface BatchOutcome {
    /** All took effect at one instant; an outcome for each operation, in their order. */
    record Applied(List<Outcome> outcomes) implements BatchOutcome {}

    /** None took effect, because of operation {@code index}, counted from 0. */
    record Refused(int index, Outcome outcome) implements BatchOutcome {}
}
