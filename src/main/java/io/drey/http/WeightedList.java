// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The value of Accept or Accept-Encoding: names with weights (RFC 9110, 12.4.2). Names are in lower case and without
 * parameters, weights are thousandths. An element whose weight is malformed counts as refused.
 */
final class WeightedList {
    private static final int WEIGHT_MAX = 1000;

    private final List<Element> elements = new ArrayList<>();

    WeightedList(String header) {
        int start = 0;
        while (start <= header.length()) {
            int end = end(header, start, ',');
            var element = header.substring(start, end).strip();
            if (!element.isEmpty()) {
                elements.add(element(element));
            }
            start = end + 1;
        }
    }

    /**
     * The weight of a name that is listed itself, or -1 when it is not; the greatest when it is listed with several
     * parameters.
     */
    int weight(String name) {
        int weight = -1;
        for (var element : elements) {
            if (element.name.equals(name)) {
                weight = Math.max(weight, element.weight);
            }
        }
        return weight;
    }

    /** The weight of the first of these names that is listed, or -1 when none is. */
    int weightOfFirst(String... names) {
        for (var name : names) {
            int weight = weight(name);
            if (weight >= 0) {
                return weight;
            }
        }
        return -1;
    }

    private static Element element(String text) {
        int nameEnd = end(text, 0, ';');
        var name = text.substring(0, nameEnd).strip().toLowerCase(Locale.ROOT);
        int start = nameEnd + 1;
        while (start < text.length()) {
            int end = end(text, start, ';');
            var parameter = text.substring(start, end).strip();
            if (parameter.startsWith("q=") || parameter.startsWith("Q=")) {
                return new Element(name, parseWeight(parameter.substring(2)));
            }
            start = end + 1;
        }
        return new Element(name, WEIGHT_MAX);
    }

    /** At most one digit before the point, three after it, and not more than 1; 0 for anything else. */
    private static int parseWeight(String text) {
        if (text.isEmpty() || text.length() > 5 || (text.length() > 1 && text.charAt(1) != '.')) {
            return 0;
        }
        int weight = 0;
        for (int position = 0; position < 5; position++) {
            char character = position < text.length() ? text.charAt(position) : '0';
            if (position != 1) {
                if (character < '0' || character > '9') {
                    return 0;
                }
                weight = weight * 10 + character - '0';
            }
        }
        return weight > WEIGHT_MAX ? 0 : weight;
    }

    /** Where the part that starts here ends: before the next separator outside of quotes. */
    private static int end(String text, int start, char separator) {
        boolean quoted = false;
        for (int position = start; position < text.length(); position++) {
            char character = text.charAt(position);
            if (character == '"') {
                quoted = !quoted;
            } else if (character == '\\' && quoted) {
                position++;
            } else if (character == separator && !quoted) {
                return position;
            }
        }
        return text.length();
    }

    private record Element(String name, int weight) {}
}
