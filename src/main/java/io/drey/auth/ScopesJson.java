// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.auth;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.drey.model.Json;
import io.drey.model.MalformedJsonException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Scopes as the ledger keeps and the native API shows them: {@code ["admin"]}, or an array of objects. */
public final class ScopesJson {
    private static final int DEPTH_MAX = 4;

    private ScopesJson() {}

    public static ArrayNode write(boolean admin, List<Scope> scopes) {
        var array = JsonNodeFactory.instance.arrayNode();
        if (admin) {
            return array.add("admin");
        }
        for (var scope : scopes) {
            var object = array.addObject().put("store", scope.storeId());
            if (scope.prefix().length > 0) {
                object.put("prefix", new String(scope.prefix(), StandardCharsets.UTF_8));
            }
            object.put("access", scope.write() ? "write" : "read");
        }
        return array;
    }

    static boolean isAdmin(ArrayNode scopes) {
        return scopes.size() == 1 && scopes.get(0).isTextual();
    }

    static List<Scope> read(ArrayNode scopes) {
        var read = new ArrayList<Scope>();
        for (JsonNode scope : scopes) {
            if (scope.isObject()) {
                var prefix = scope.path("prefix").asText("").getBytes(StandardCharsets.UTF_8);
                read.add(new Scope(
                        scope.get("store").asText(),
                        prefix,
                        scope.get("access").asText().equals("write")));
            }
        }
        return read;
    }

    public static ArrayNode parse(String json) {
        try {
            return (ArrayNode) Json.parse(json.getBytes(StandardCharsets.UTF_8), DEPTH_MAX);
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("The ledger holds scopes that are not JSON", e);
        }
    }
}
