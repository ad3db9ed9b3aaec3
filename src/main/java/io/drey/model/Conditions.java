// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import java.util.Arrays;

/**
 * What a request demands of the record's present state before it may act (RFC 9110, 13.1).
 *
 * @param ifMatch null when not asked
 * @param ifNoneMatch null when not asked
 * @param unmodifiedSince seconds since 1970 UTC, or -1 when not asked; ignored beside {@code ifMatch}
 */
public record Conditions(Versions ifMatch, Versions ifNoneMatch, long unmodifiedSince) {
    public static final Conditions NONE = new Conditions(null, null, -1);
    public static final Conditions ABSENT = new Conditions(null, Versions.ANY, -1);

    public static Conditions matching(long version) {
        return new Conditions(Versions.of(version), null, -1);
    }

    /** Whether {@code current}, null when absent, is a state that the request may act on. */
    public boolean hold(Entry current) {
        if (this == NONE) {
            return true;
        }
        if (ifMatch != null) {
            if (current == null || !ifMatch.contains(current.version())) {
                return false;
            }
        } else if (unmodifiedSince >= 0 && current != null && current.modifiedAt() / 1000 > unmodifiedSince) {
            return false;
        }
        return ifNoneMatch == null || current == null || !ifNoneMatch.contains(current.version());
    }

    /** A set of versions named by entity tags; {@link #ANY} is the {@code *}. */
    public record Versions(boolean any, long... numbers) {
        public static final Versions ANY = new Versions(true);

        public static Versions of(long... numbers) {
            return new Versions(false, numbers);
        }

        boolean contains(long version) {
            return any || Arrays.stream(numbers).anyMatch(number -> number == version);
        }
    }
}
