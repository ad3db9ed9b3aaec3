// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.HttpLimits;
import io.drey.http.Problem;
import io.drey.http.ProblemException;
import io.drey.model.JsonMembers;
import io.drey.model.MalformedJsonException;
import io.drey.model.MediaType;
import java.util.Set;

/** Bodies that are JSON objects with known members. */
final class JsonBodies {
    private JsonBodies() {}

    static void requireJson(Exchange exchange) {
        if (!MediaType.isJson(exchange.header("Content-Type"))) {
            throw Problem.unsupportedMediaType("The body must be " + MediaType.JSON + ".")
                    .exception();
        }
    }

    static JsonMembers object(byte[] body, HttpLimits limits) {
        try {
            return JsonMembers.of(body, 0, body.length, limits.json().jsonDepthMax());
        } catch (MalformedJsonException e) {
            throw malformed(e);
        }
    }

    static ProblemException malformed(MalformedJsonException e) {
        var problem = Problem.malformed("The body cannot be used: " + e.getMessage() + ".");
        // Negative for what no single byte is to blame for.
        return (e.offset() < 0 ? problem : problem.with("offset", e.offset())).exception();
    }

    static void refuseUnknown(JsonMembers members, Set<String> known) {
        for (var name : members.names()) {
            if (!known.contains(name)) {
                throw unknown(name, known);
            }
        }
    }

    static ProblemException unknown(String name, Set<String> known) {
        var allowed = known.isEmpty()
                ? "none"
                : String.join(", ", known.stream().sorted().toList());
        return Problem.malformed("The member \"" + name + "\" is unknown here; known are: " + allowed + ".")
                .with("parameter", name)
                .exception();
    }
}
