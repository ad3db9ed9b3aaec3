// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import io.drey.ledger.postgres.PostgresSource;
import io.drey.ledger.postgres.PostgresTarget;
import io.drey.ledger.sqlite.SqliteSource;
import io.drey.ledger.sqlite.SqliteTarget;
import io.drey.ledger.tables.TableSource;
import io.drey.ledger.tables.TableTarget;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Where a ledger is: the URL of a PostgreSQL database, or the data directory of a node. */
record Place(String text) {
    private static final Pattern URL = Pattern.compile("[a-z]+://.*");
    private static final Pattern POSTGRES = Pattern.compile("postgres(ql)?://.*");
    private static final Pattern PASSWORD = Pattern.compile("(?<=://)([^/@:]*):[^/@]*@");

    Place {
        if (URL.matcher(text).matches() && !POSTGRES.matcher(text).matches()) {
            throw new IllegalArgumentException(hide(text) + " is neither a postgresql:// URL nor a directory");
        }
        try {
            Path.of(text);
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException(hide(text) + " cannot be the name of a directory", e);
        }
    }

    TableSource source() {
        return isPostgres() ? PostgresSource.open(text) : SqliteSource.open(Path.of(text));
    }

    TableTarget target() {
        return isPostgres() ? PostgresTarget.open(text) : SqliteTarget.open(Path.of(text));
    }

    /** Without a password. */
    @Override
    public String toString() {
        return hide(text);
    }

    private boolean isPostgres() {
        return POSTGRES.matcher(text).matches();
    }

    private static String hide(String text) {
        return PASSWORD.matcher(text).replaceFirst("$1@");
    }
}
