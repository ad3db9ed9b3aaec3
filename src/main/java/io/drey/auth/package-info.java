// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * Says who a credential belongs to and what they may do; has never heard of HTTP. May use the model and the ledger.
 * Secrets are never kept: the ledger has salted hashes of them.
 */
package io.drey.auth;
