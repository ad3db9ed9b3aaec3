// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

/** Questions about the value of Accept (RFC 9110, 12.5.1); null when there is none. */
public final class Accept {
    private Accept() {}

    /** Whether Accept names this type itself, not by a wildcard, and does not refuse it. */
    public static boolean names(String accept, String essence) {
        return accept != null && new WeightedList(accept).weight(essence) > 0;
    }

    /** Whether Accept names this type itself and does not name the other with a greater weight. */
    public static boolean prefers(String accept, String essence, String other) {
        if (accept == null) {
            return false;
        }
        var list = new WeightedList(accept);
        int weight = list.weight(essence);
        return weight > 0 && weight >= list.weight(other);
    }
}
