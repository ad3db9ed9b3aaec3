// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * What the store promises, held against real server processes that are killed, starved of disk or memory, stopped in
 * their work, or given a damaged database. Each class says in its first lines what it is after and how.
 */
package io.drey.faults;
