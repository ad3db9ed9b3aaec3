// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.cluster;

/** Why this node cannot be a member, in one line for the operator. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ClusterException(String message, Throwable cause) {
        super(message, cause);
    }
}
