// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

/**
 * The bounds of what operations work on.
 *
 * @param jsonBytesMax largest JSON value that an operation reads or makes, in bytes
 * @param jsonDepthMax deepest nesting of arrays and objects
 * @param numberExponentMax largest exponent, either sign, of a number in an increment
 * @param numberDigitsMax most digits of a number in an increment
 */
public record Limits(int jsonBytesMax, int jsonDepthMax, int numberExponentMax, int numberDigitsMax) {
    public static final Limits DEFAULT = new Limits(16 << 20, 500, 1_000, 10_000);
}
