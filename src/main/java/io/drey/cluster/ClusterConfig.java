// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.cluster;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Settings of this node as a member.
 *
 * @param enabled whether it may meet others; else it binds no known port and nobody can join it
 * @param busPort of the Vert.x event bus, at the same host
 * @param file the Hazelcast file, null for the one that comes with Drey
 */
public record ClusterConfig(
        boolean enabled, String name, String host, int port, int busPort, List<String> members, Path file) {
    public ClusterConfig {
        Objects.requireNonNull(name);
        Objects.requireNonNull(host);
        members = List.copyOf(members);
    }
}
