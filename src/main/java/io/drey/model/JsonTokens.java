// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * What a {@link JsonScanner} reports while it reads. Offsets count bytes from the start of the text. A call comes as
 * soon as its token is known to be complete and well formed, so the bytes between the offsets can be decoded without
 * checks.
 */
interface JsonTokens {
    void open(boolean object, long start) throws MalformedJsonException;

    void close(long end) throws MalformedJsonException;

    /** A member name from its opening quote to behind its closing one. */
    void name(long start, long end) throws MalformedJsonException;

    /** A string, number or literal; strings with their quotes. */
    void scalar(long start, long end) throws MalformedJsonException;
}
