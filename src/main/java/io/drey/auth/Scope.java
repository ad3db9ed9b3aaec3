// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.auth;

import java.util.Arrays;

/**
 * What a token may do with the records of one store.
 *
 * @param prefix bytes that every key in reach begins with, empty for all keys
 * @param write whether it may write too
 */
public record Scope(String storeId, byte[] prefix, boolean write) {
    boolean reaches(byte[] key) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }
}
