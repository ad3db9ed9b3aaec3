// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Conditions;
import io.drey.model.Conditions.Versions;

/** Conditions inside a command: a set of bits says which are asked, those that are follow. */
final class ConditionsWire {
    private static final int IF_MATCH = 1;
    private static final int IF_NONE_MATCH = 1 << 1;
    private static final int UNMODIFIED_SINCE = 1 << 2;
    private static final int ALL = IF_MATCH | IF_NONE_MATCH | UNMODIFIED_SINCE;

    private ConditionsWire() {}

    static void write(Conditions conditions, WireWriter out) {
        boolean unmodifiedSince = conditions.unmodifiedSince() != Conditions.NONE.unmodifiedSince();
        out.int8((conditions.ifMatch() == null ? 0 : IF_MATCH)
                | (conditions.ifNoneMatch() == null ? 0 : IF_NONE_MATCH)
                | (unmodifiedSince ? UNMODIFIED_SINCE : 0));
        writeVersions(conditions.ifMatch(), out);
        writeVersions(conditions.ifNoneMatch(), out);
        if (unmodifiedSince) {
            out.int64(conditions.unmodifiedSince());
        }
    }

    static Conditions read(WireReader in) {
        int asked = in.int8();
        if ((asked & ~ALL) != 0) {
            throw new UnknownFormatException("a set of conditions", asked);
        }
        if (asked == 0) {
            return Conditions.NONE;
        }
        var ifMatch = (asked & IF_MATCH) == 0 ? null : readVersions(in);
        var ifNoneMatch = (asked & IF_NONE_MATCH) == 0 ? null : readVersions(in);
        long unmodifiedSince = (asked & UNMODIFIED_SINCE) == 0 ? Conditions.NONE.unmodifiedSince() : in.int64();
        return new Conditions(ifMatch, ifNoneMatch, unmodifiedSince);
    }

    private static void writeVersions(Versions versions, WireWriter out) {
        if (versions == null) {
            return;
        }
        out.flag(versions.any());
        out.int32(versions.numbers().length);
        for (long number : versions.numbers()) {
            out.int64(number);
        }
    }

    private static Versions readVersions(WireReader in) {
        boolean any = in.flag();
        var numbers = new long[in.count(Long.BYTES)];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = in.int64();
        }
        return new Versions(any, numbers);
    }
}
