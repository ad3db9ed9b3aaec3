// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import java.util.Arrays;
import java.util.List;

/**
 * What a change would come to, as of a moment before it is made.
 *
 * @param result that the answer is made of
 * @param values of it that the function of the change compares with what it finds, in the order of its parameters
 */
record Foreseen<T>(T result, List<Object> values) {
    static <T> Foreseen<T> of(T result, Object... values) {
        return new Foreseen<>(result, Arrays.asList(values));
    }
}
