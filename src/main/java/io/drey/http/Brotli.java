// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import com.aayushatharva.brotli4j.Brotli4jLoader;

/**
 * Loads the native library of Brotli when it is first needed; where it has none for the platform, br is not
 * understood.
 */
final class Brotli {
    static final boolean AVAILABLE = Brotli4jLoader.isAvailable();

    private Brotli() {}
}
