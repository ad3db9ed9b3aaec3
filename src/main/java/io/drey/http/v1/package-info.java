// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * The native API: a flat list of routes, and the translation of its JSON into operations and back. Described by
 * {@code openapi.yaml}, which the tests hold every answer against.
 */
package io.drey.http.v1;
