// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Operation;
import io.drey.model.RecordKey;

/**
 * An operation on its way to the owner of its key.
 *
 * @param id unique over all nodes and restarts; a repeat bears the same one
 * @param defaultTtl of new records in the store, in milliseconds
 * @param once what to remember with the change for a request that bears an idempotency key, else null
 */
public record Command(long id, RecordKey key, Operation operation, long defaultTtl, Once once) {
    /** Names the remembered answer: account, idempotency key, part of the request, and the request's fingerprint. */
    public record Once(long account, String key, int part, byte[] fingerprint) {
        public Once part(int number) {
            return new Once(account, key, number, fingerprint);
        }
    }
}
