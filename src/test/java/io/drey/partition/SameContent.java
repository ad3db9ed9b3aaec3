// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.model.Json;
import io.drey.model.JsonPatch;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Equality of records through all levels: arrays by their elements, trees by their text, decimals with their scale. */
final class SameContent {
    private SameContent() {}

    static boolean same(Object a, Object b) {
        if (a == null || b == null) {
            return a == b;
        }
        if (a instanceof JsonNode x && b instanceof JsonNode y) {
            return Json.sameText(x, y);
        }
        if (a.getClass().isRecord()) {
            return a.getClass() == b.getClass()
                    && Arrays.stream(a.getClass().getRecordComponents())
                            .allMatch(component -> same(component(component, a), component(component, b)));
        }
        if (a instanceof List<?> x && b instanceof List<?> y) {
            return x.size() == y.size() && IntStream.range(0, x.size()).allMatch(i -> same(x.get(i), y.get(i)));
        }
        if (a instanceof JsonPatch x && b instanceof JsonPatch y) {
            return same(x.document(), y.document());
        }
        return Objects.deepEquals(a, b);
    }

    private static Object component(RecordComponent component, Object of) {
        try {
            var accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(of);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
