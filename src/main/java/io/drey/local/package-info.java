// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
/**
 * A PostgreSQL that needs no installation, for {@code ./run.sh cluster} and for tests: its programs come out of a jar, its
 * data stays in a directory of the caller, and only programs of this machine that know its password can connect.
 *
 * <p>The package uses nothing else of Drey, and no part of the server uses it: a node gets the URL and cannot tell this
 * PostgreSQL from another. It calls {@code initdb}, {@code postgres} and {@code pg_ctl} itself. The library that brings
 * the programs could start them too, but it turns fsync off, trusts everybody on the machine, forgets where it unpacked
 * what, and gives up when an earlier start was killed.
 *
 * <p>An earlier start may have been killed at any point. Programs and data are made beside their place and renamed
 * into it, so that a half made directory is never taken for a whole one. A postmaster outlives the JVM that started it;
 * the next start takes it over if it still serves the right port, else stops it. A file lock, which ends with its
 * process, keeps two starts from doing so at once.
 */
package io.drey.local;
