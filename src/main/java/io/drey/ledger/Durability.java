// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

/** What a commit waits for before it is acknowledged. */
public enum Durability {
    /** The disk: survives the loss of power. */
    FSYNC,
    /** The operating system: survives the death of the process, may lose the last moments of a power cut. */
    OS;

    /** As configuration and the {@code Durability} header write it. */
    public String text() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
