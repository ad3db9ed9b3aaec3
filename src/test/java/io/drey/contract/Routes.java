// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Finds the operation of a request. Paths are compared as they were sent, segment by segment and without decoding, so
 * that a key is one segment whatever it contains, and may be empty.
 */
final class Routes {
    private final List<Route> routes = new ArrayList<>();

    Routes(OpenApiDocument document) {
        document.root()
                .path("paths")
                .properties()
                .forEach(path -> routes.add(new Route(segments(path.getKey()), path.getKey(), path.getValue())));
        // Fixed words win over placeholders.
        routes.sort(Comparator.comparingLong(
                route -> route.template.stream().filter(Routes::isPlaceholder).count()));
    }

    /** The described operation; HEAD falls back to GET. */
    Optional<Described> find(String method, String rawPathAndQuery) {
        var segments = segments(path(rawPathAndQuery));
        for (var route : routes) {
            if (route.matches(segments)) {
                return operation(route, method.toLowerCase(Locale.ROOT));
            }
        }
        return Optional.empty();
    }

    /** The path of a request target in any form, without its query. */
    static String path(String target) {
        var path = target.replaceFirst("^[Hh][Tt][Tt][Pp][Ss]?://[^/?]*", "");
        var query = path.indexOf('?');
        return query < 0 ? path : path.substring(0, query);
    }

    private static Optional<Described> operation(Route route, String method) {
        var item = route.item;
        var name = method.equals("head") && !item.has("head") ? "get" : method;
        return Optional.ofNullable(item.get(name)).map(operation -> new Described(route.path, operation));
    }

    private static List<String> segments(String path) {
        return List.of(path.split("/", -1));
    }

    private static boolean isPlaceholder(String segment) {
        return segment.startsWith("{");
    }

    /** An operation of the document and the template of its path. */
    record Described(String path, JsonNode operation) {}

    private record Route(List<String> template, String path, JsonNode item) {
        boolean matches(List<String> segments) {
            if (segments.size() != template.size()) {
                return false;
            }
            for (var i = 0; i < segments.size(); i++) {
                if (!matches(template.get(i), segments.get(i))) {
                    return false;
                }
            }
            return true;
        }

        private static boolean matches(String expected, String segment) {
            if (isPlaceholder(expected)) {
                return expected.equals("{key}") || !segment.isEmpty();
            }
            return expected.equals(segment);
        }
    }
}
