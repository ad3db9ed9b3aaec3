// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.sql.SQLException;

/** What was read is not what was written. */
final class Damaged extends SQLException {
    private static final long serialVersionUID = 1L;

    Damaged(String what) {
        super("the database is damaged: the checksum of " + what + " does not match");
    }
}
