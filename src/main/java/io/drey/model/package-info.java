// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * What can be asked of a record, what is answered and what changed: data, and pure functions on it. Imports nothing but
 * the JDK and Jackson's trees, so that a live request, a repeat, a batch and a test run the very same rules.
 *
 * <p>JSON is read by a grammar of our own and not by Jackson's parser: one implementation checks what is streamed, parses
 * what is worked on and finds the bytes of members, so that they cannot disagree on what is JSON; and numbers keep their
 * digits, which Jackson's number nodes do not.
 */
package io.drey.model;
