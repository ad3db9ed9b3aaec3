// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.vertx.core.Future;

/**
 * Answers requests of one route, on the event loop. What it throws or fails with becomes a problem document; see
 * {@link Problems}.
 */
public interface Handler {
    Future<Reply> handle(Exchange exchange);
}
