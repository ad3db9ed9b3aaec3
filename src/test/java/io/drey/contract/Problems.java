// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a problem document owes beyond its schema: the right status, a name that belongs to it, nothing internal. */
final class Problems {
    static final String PREFIX = "urn:drey:problem:";

    private static final Map<Integer, Set<String>> NAMES = Map.ofEntries(
            Map.entry(400, Set.of("malformed", "invalid-parameter", "invalid-key")),
            Map.entry(401, Set.of("unauthorized")),
            Map.entry(403, Set.of("forbidden")),
            Map.entry(404, Set.of("not-found", "store-not-found", "record-not-found")),
            Map.entry(405, Set.of("method-not-allowed")),
            Map.entry(408, Set.of("request-timeout")),
            Map.entry(409, Set.of("name-taken", "has-dependents", "wrong-type")),
            Map.entry(410, Set.of("cursor-expired", "version-expired")),
            Map.entry(412, Set.of("precondition-failed")),
            Map.entry(413, Set.of("too-large")),
            Map.entry(414, Set.of("uri-too-long")),
            Map.entry(415, Set.of("unsupported-media-type")),
            Map.entry(416, Set.of("range-not-satisfiable")),
            Map.entry(422, Set.of("patch-failed", "idempotency-key-reused")),
            Map.entry(429, Set.of("rate-limited")),
            Map.entry(431, Set.of("headers-too-large")),
            Map.entry(500, Set.of("internal-error")),
            Map.entry(501, Set.of("not-implemented")),
            Map.entry(503, Set.of("unavailable")),
            Map.entry(504, Set.of("unknown-outcome")),
            Map.entry(505, Set.of("http-version")),
            Map.entry(507, Set.of("out-of-space")));

    /** Members that repeat what the client sent, which may be any text. */
    private static final Set<String> ECHOES = Set.of("key", "prefix", "name", "parameter");

    private static final Pattern LEAK = Pattern.compile(
            "io\\.drey\\.|\\bjavax?\\.[a-z]|io\\.vertx|com\\.hazelcast|Exception|\\.java:\\d+|\\bat [a-z]+\\.[a-z]");

    private Problems() {}

    static void check(int status, JsonNode problem) {
        if (problem.path("status").asInt() != status) {
            throw new AssertionError("the problem says status " + problem.path("status") + " and the reply " + status);
        }
        checkName(problem);
        checkLeaks(problem);
    }

    /** The problems inside the answers of a batch or an import, which have no status line of their own. */
    static void checkInside(JsonNode answer) {
        answer.path("results").forEach(Problems::checkIfProblem);
        answer.path("failed").forEach(line -> checkIfProblem(line.path("problem")));
    }

    private static void checkIfProblem(JsonNode candidate) {
        if (candidate.path("type").asText().startsWith(PREFIX)) {
            checkName(candidate);
            checkLeaks(candidate);
        }
    }

    private static void checkName(JsonNode problem) {
        var status = problem.path("status").asInt();
        var type = problem.path("type").asText();
        var names = NAMES.getOrDefault(status, Set.of());
        if (!type.startsWith(PREFIX) || !names.contains(type.substring(PREFIX.length()))) {
            throw new AssertionError("the problem type " + type + " is none of " + names + " for status " + status);
        }
    }

    private static void checkLeaks(JsonNode problem) {
        problem.properties().forEach(member -> {
            var text = member.getValue().isTextual()
                    ? member.getValue().textValue()
                    : member.getValue().toString();
            if (!ECHOES.contains(member.getKey()) && LEAK.matcher(text).find()) {
                throw new AssertionError("the problem tells internals in " + member.getKey() + ": " + text);
            }
        });
    }
}
