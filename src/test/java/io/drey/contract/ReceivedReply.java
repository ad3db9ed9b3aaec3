// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A reply to be checked, with the request that it answers as it was sent. */
record ReceivedReply(String method, String target, int status, ReplyHeaders headers, byte[] body) {
    private static final int SHOWN_BYTES_MAX = 500;

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    boolean mayHaveBody() {
        return !method.equals("HEAD") && status != 204 && status != 304;
    }

    @Override
    public String toString() {
        var shown = new String(Arrays.copyOf(body, Math.min(body.length, SHOWN_BYTES_MAX)), StandardCharsets.UTF_8);
        return method + " " + target + ": " + status + " " + shown;
    }
}
