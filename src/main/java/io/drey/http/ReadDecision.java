// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

/** How a read of a present record is to be answered, after its conditions and its range. */
public sealed interface ReadDecision {
    ReadDecision FULL = new Full();
    ReadDecision NOT_MODIFIED = new NotModified();
    ReadDecision FAILED = new Failed();
    ReadDecision UNSATISFIABLE = new Unsatisfiable();

    /** 200 with the whole representation. */
    record Full() implements ReadDecision {}

    /** 304. */
    record NotModified() implements ReadDecision {}

    /** 412. */
    record Failed() implements ReadDecision {}

    /** 206 with this part. */
    record Partial(ByteRange range) implements ReadDecision {}

    /** 416. */
    record Unsatisfiable() implements ReadDecision {}
}
