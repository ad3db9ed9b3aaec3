// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * What every dialect of the HTTP API shares: the verticle, routes by raw path, bodies, conditions, codings, problem
 * documents, idempotency keys. Imports Vert.x; the dialects import this package and never each other.
 *
 * <p>Paths are matched before anything is normalized and each segment is decoded once, since a key may hold anything: a
 * router that resolves dot segments turns the deletion of a record into that of its store.
 */
package io.drey.http;
