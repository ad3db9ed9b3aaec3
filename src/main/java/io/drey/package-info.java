// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * Drey keeps JSON values and files under keys, in named stores, over HTTP. {@code Main} reads the configuration;
 * {@code Node} starts the parts in order and stops them in reverse, and is the only class that knows every part.
 *
 * <p>The map of the code; arrows point down the list and never back:
 *
 * <ul>
 *   <li>{@link io.drey.config}: the configuration, read and checked
 *   <li>{@link io.drey.http.v1}: the native API: its routes, and its JSON turned into operations and back
 *   <li>{@link io.drey.http}: what every dialect shares: verticle, routes, bodies, problems, conditions
 *   <li>{@link io.drey.auth}: who a token belongs to and what they may do
 *   <li>{@link io.drey.store}: the stores as this node knows them, and the way to their records
 *   <li>{@link io.drey.partition}: the owners of the keys: the map, its one entry processor, the committer, the other
 *       nodes
 *   <li>{@link io.drey.member}: whether this node lives, and who else does
 *   <li>{@link io.drey.cluster}: the Hazelcast instance of this node
 *   <li>{@link io.drey.ledger}: the durable truth behind one interface; {@link io.drey.ledger.sqlite} and
 *       {@link io.drey.ledger.postgres} implement it
 *   <li>{@link io.drey.model}: operations, outcomes, changes, and the rules between them: pure functions
 * </ul>
 *
 * <p>Beside them, for operators: {@link io.drey.copy} takes everything from one ledger to another,
 * {@link io.drey.local} runs a PostgreSQL to try things with.
 *
 * <p>A write, top to bottom: {@code http.v1.RecordRoutes} makes an {@code Operation} of the request;
 * {@code store.StoreRecords} names the record by store and key; {@code partition.Commands} brings it to the owner;
 * {@code partition.ApplyOperation} applies the rule on the partition's thread; {@code partition.Committer} commits it
 * with everything else that waits; the outcome goes back the same way and becomes the answer.
 */
package io.drey;
