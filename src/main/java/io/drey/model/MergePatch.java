// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON Merge Patch, RFC 7396. */
public final class MergePatch {
    private MergePatch() {}

    /**
     * The patched value. Neither argument is changed; what the patch leaves alone is shared with the target, so treat
     * the result as read-only. It is nested no deeper than the deeper argument.
     *
     * @param target null when there is no value yet
     */
    public static JsonNode apply(JsonNode target, JsonNode patch) {
        if (!(patch instanceof ObjectNode)) {
            return patch;
        }
        var result = JsonNodeFactory.instance.objectNode();
        if (target instanceof ObjectNode object) {
            result.setAll(object);
        }
        for (var member : patch.properties()) {
            String name = member.getKey();
            if (member.getValue().isNull()) {
                result.remove(name);
            } else {
                result.set(name, apply(result.get(name), member.getValue()));
            }
        }
        return result;
    }
}
