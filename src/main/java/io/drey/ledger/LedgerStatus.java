// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

/**
 * How the ledger is, for health and for {@code /v1/cluster}.
 *
 * @param kind {@code sqlite} or {@code postgresql}
 * @param reachable whether reads and commits can succeed now
 * @param full whether it has no room for writes that need some
 * @param usedBytes what it occupies
 * @param trouble in plain words why it is not reachable or full, null when all is well
 */
public record LedgerStatus(String kind, boolean reachable, boolean full, long usedBytes, String trouble) {}
