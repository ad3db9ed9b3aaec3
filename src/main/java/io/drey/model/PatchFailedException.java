// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * Says which step of a JSON Patch did not fit its target, and why. The target is as it was. The message names the step
 * (counted from 0) and its path and may be shown to whoever sent the patch. It carries no stack trace.
 */
public final class PatchFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int index;
    private final String path;

    public PatchFailedException(int index, String path, String reason) {
        super("step " + index + ", path " + JsonText.shown(path) + ": " + reason, null, false, false);
        this.index = index;
        this.path = path;
    }

    public int index() {
        return index;
    }

    public String path() {
        return path;
    }
}
