// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * The state of a record that is there.
 *
 * @param version the position of its last change in the log; {@link #PENDING} until that change is committed
 * @param createdAt milliseconds since 1970 UTC, kept through overwrite
 * @param modifiedAt milliseconds since 1970 UTC
 * @param expiresAt milliseconds since 1970 UTC, or {@link #NEVER}
 */
public record Entry(Value value, String contentType, long version, long createdAt, long modifiedAt, long expiresAt) {
    public static final long PENDING = 0;
    public static final long NEVER = 0;

    public boolean isExpired(long now) {
        return expiresAt != NEVER && expiresAt <= now;
    }

    public Entry withVersion(long newVersion) {
        return new Entry(value, contentType, newVersion, createdAt, modifiedAt, expiresAt);
    }

    public Entry withValue(Value newValue) {
        return new Entry(newValue, contentType, version, createdAt, modifiedAt, expiresAt);
    }
}
