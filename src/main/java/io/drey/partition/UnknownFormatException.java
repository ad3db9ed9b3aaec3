// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

/**
 * A message in a format, or with a case in it, that this release does not know. Its sender is most likely a newer
 * release during a rolling update, and should be told so.
 */
final class UnknownFormatException extends WireException {
    private static final long serialVersionUID = 1L;

    private final int found;

    /** @param what the part of the message that is unknown, a noun with its article */
    UnknownFormatException(String what, int found) {
        super(what + " with the number " + found + " is unknown to this release");
        this.found = found;
    }

    /** The number that stood where this release knows others. */
    int found() {
        return found;
    }
}
