// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog.LogEntry;

/**
 * A row of the log: what it tells, and what only the ledger needs.
 *
 * @param prior position of the key's log row before this one, 0 for none
 * @param payload that holds the value, null when it is inline or absent
 * @param weight running total of bytes, this row's included
 */
record LogRow(LogEntry entry, long space, long prior, Long payload, long operationId, long weight) {}
