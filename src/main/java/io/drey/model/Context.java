// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * What a rule may know besides the record and the operation, so that it stays a pure function.
 *
 * @param now milliseconds since 1970 UTC, by the ledger's clock
 * @param defaultTtl of new records in milliseconds, {@link Ttl#NONE} for none
 */
public record Context(long now, long defaultTtl, Limits limits) {}
