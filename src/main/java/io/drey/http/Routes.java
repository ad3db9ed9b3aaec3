// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Finds the route of a request by the raw segments of its path, each decoded once and none resolved: a key reaches its
 * record's route and no other, whatever it holds. A tree by segments, where a literal goes before a parameter.
 *
 * <p>The obvious alternative, vertx-web's router, matches the normalized path: there {@code DELETE …/records/..} runs
 * the store's DELETE.
 */
final class Routes {
    private final Node root = new Node();

    Routes(List<Route> routes, MeterRegistry metrics) {
        routes.forEach(route -> add(route, new Route.Timed(route, metrics)));
    }

    private void add(Route route, Route.Timed timed) {
        var node = root;
        for (var part : route.template().substring(1).split("/", -1)) {
            if (part.startsWith("{")) {
                node.parameter = node.parameter == null ? new Node() : node.parameter;
                node = node.parameter;
            } else {
                node = node.literals.computeIfAbsent(part, any -> new Node());
            }
        }
        if (node.methods.put(route.method(), timed) != null) {
            throw new IllegalStateException("two routes for " + route.method() + " " + route.template());
        }
    }

    /** The methods of the path, null when there is no such path. */
    Methods find(RequestTarget target) {
        var node = root;
        int size = target.size();
        for (int i = 0; i < size; i++) {
            node = node.next(target, i);
            if (node == null) {
                return null;
            }
        }
        return node.methods.isEmpty() ? null : node.found;
    }

    private static final class Node {
        private final Map<String, Node> literals = new HashMap<>();
        private final Map<String, Route.Timed> methods = new TreeMap<>();
        private final Methods found = new Methods(methods);
        private Node parameter;

        Node next(RequestTarget target, int segment) {
            var text = literals.isEmpty() ? null : target.text(segment);
            var next = text == null ? null : literals.get(text);
            return next == null ? parameter : next;
        }
    }

    /** What can be asked of one path. */
    record Methods(Map<String, Route.Timed> byName) {
        /** HEAD works where GET does; null when the method does not fit. */
        Route.Timed get(String method) {
            return byName.get(method.equals("HEAD") ? "GET" : method);
        }

        String allow() {
            var names = String.join(", ", byName.keySet());
            return (byName.containsKey("GET") ? names + ", HEAD" : names) + ", OPTIONS";
        }
    }
}
