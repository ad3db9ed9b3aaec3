// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * Reads the YAML file, the environment and the flags into one checked, immutable map of settings.
 *
 * <p>The file {@code drey.yaml} inside the jar defines which keys exist and what their defaults are; there is no second
 * list of keys in code. Types and bounds belong to whoever uses a key: each part asks for its own keys by the typed
 * getters of {@link io.drey.config.Settings} and builds its own record. The package depends on Jackson's YAML parser
 * and on no other part of Drey.
 */
package io.drey.config;
