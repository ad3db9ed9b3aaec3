// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;

/** What the operators' routes tell about the node that they run on. Cheap; called on event loops. */
public interface NodeView {
    String clusterId();

    String clusterName();

    String nodeId();

    /** {@code host:port} for other members. */
    String address();

    /** URL of this node's HTTP server. */
    String http();

    boolean isLeaving();

    /** Why the node cannot serve every key now, in plain words; empty when it can. */
    List<String> notReady();

    MeterRegistry metrics();
}
