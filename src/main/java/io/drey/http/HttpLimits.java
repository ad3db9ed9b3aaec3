// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.model.Limits;

/**
 * Bounds of what one request may bring or ask for.
 *
 * @param recordBytes of one record's value
 * @param keyBytes of a key
 * @param batchOperations in one batch
 * @param batchBytes of a batch's body
 * @param atomicOperations in an atomic batch
 * @param pageItems in a page
 * @param pageBytes of values in a page
 * @param requestLineBytes of a request line
 * @param headerBytes of all headers
 * @param json what operations on JSON work on
 */
public record HttpLimits(
        long recordBytes,
        int keyBytes,
        int batchOperations,
        int batchBytes,
        int atomicOperations,
        int pageItems,
        long pageBytes,
        int requestLineBytes,
        int headerBytes,
        Limits json) {
    /** Items in a page when the request does not say. */
    public static final int PAGE_ITEMS_DEFAULT = 100;
}
