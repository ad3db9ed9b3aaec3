// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Future;
import java.util.List;

/** What the operators' routes tell about the node that they run on. Cheap; called on event loops. */
public interface NodeView {
    String clusterId();

    String clusterName();

    /** All living nodes as this one sees them; each is asked for what only it knows. */
    Future<List<Member>> members();

    boolean isLeaving();

    /** Why the node cannot serve every key now, in plain words; empty when it can. */
    List<String> notReady();

    MeterRegistry metrics();

    /**
     * A node.
     *
     * @param address {@code host:port} for other members
     * @param http URL of its HTTP server
     * @param owned partitions
     * @param memoryUsed bytes of records in memory; 0, like the maximum, when the node did not answer
     */
    record Member(
            String id, String address, String http, boolean isLeaving, int owned, long memoryUsed, long memoryMax) {}
}
