// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.config;

import java.util.Collection;
import java.util.Comparator;

/** Finds what somebody who misspelled a name probably meant. */
final class Spelling {
    private Spelling() {}

    /** {@code , did you mean X?} for the nearest known name, or nothing when none is near. */
    static String suggestion(String unknown, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> distance(unknown, name)))
                .filter(name -> distance(unknown, name) <= Math.max(2, unknown.length() / 3))
                .map(name -> ", did you mean " + name + "?")
                .orElse("");
    }

    /** The least number of letters to insert, remove or exchange (Levenshtein). */
    static int distance(String left, String right) {
        var previous = new int[right.length() + 1];
        for (var j = 0; j <= right.length(); j++) {
            previous[j] = j;
        }
        for (var i = 1; i <= left.length(); i++) {
            var row = new int[right.length() + 1];
            row[0] = i;
            for (var j = 1; j <= right.length(); j++) {
                var exchanged = previous[j - 1] + (left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(exchanged, 1 + Math.min(previous[j], row[j - 1]));
            }
            previous = row;
        }
        return previous[right.length()];
    }
}
