// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.model.Json;
import io.drey.model.MediaType;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer as a whole, before it is sent. Immutable but for the map that its maker fills.
 *
 * @param body null for none
 * @param version of the record that the ETag names, 0 for no ETag
 * @param remembered whether it was committed beside its change under the request's idempotency key
 */
public record Reply(
        int status, String contentType, byte[] body, Map<String, String> headers, long version, boolean remembered) {
    /** Says that the handler has sent, or is sending, the answer itself. */
    public static final Reply SENT = new Reply(0, null, null, Map.of(), 0, false);

    public static Reply empty(int status) {
        return new Reply(status, null, null, Map.of(), 0, false);
    }

    public static Reply json(int status, JsonNode json) {
        return bytes(status, MediaType.JSON, Json.write(json));
    }

    public static Reply bytes(int status, String contentType, byte[] body) {
        return new Reply(status, contentType, body, Map.of(), 0, false);
    }

    public static Reply of(Problem problem) {
        return new Reply(problem.status(), Problem.CONTENT_TYPE, problem.toBytes(), problem.headers(), 0, false);
    }

    public Reply with(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, contentType, body, more, version, remembered);
    }

    public Reply withVersion(long newVersion) {
        return new Reply(status, contentType, body, headers, newVersion, remembered);
    }

    public Reply asRemembered() {
        return new Reply(status, contentType, body, headers, version, true);
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }
}
