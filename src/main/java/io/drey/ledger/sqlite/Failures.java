// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Tells what a failure of the database means. */
final class Failures {
    /** Less room than this makes a failed write a sign of a full disk, whatever SQLite calls it (a quota, say). */
    private static final long SCARCE_BYTES = 1L << 20;

    private static final int PRIMARY = 0xFF;

    /** What a failure means. */
    enum Meaning {
        /** No room; nothing happened yet. */
        FULL,
        /** The disk or the file can no longer be believed. */
        BROKEN,
        /** It did not work this time. */
        PASSING
    }

    private final Path directory;

    Failures(Path directory) {
        this.directory = directory;
    }

    Meaning meaning(SQLException failure) {
        if (failure instanceof Damaged) {
            return Meaning.BROKEN;
        }
        int code = code(failure);
        int primary = code & PRIMARY;
        if (primary == SQLiteErrorCode.SQLITE_FULL.code) {
            return Meaning.FULL;
        }
        if (primary == SQLiteErrorCode.SQLITE_IOERR.code) {
            return isWrite(code) && isScarce() ? Meaning.FULL : Meaning.BROKEN;
        }
        if (primary == SQLiteErrorCode.SQLITE_CORRUPT.code || primary == SQLiteErrorCode.SQLITE_NOTADB.code) {
            return Meaning.BROKEN;
        }
        return Meaning.PASSING;
    }

    /** In plain words, for whoever looks after the node. */
    String words(SQLException failure) {
        int code = code(failure);
        if (failure instanceof Damaged) {
            return failure.getMessage() + "; restore it from a backup";
        }
        if ((code & PRIMARY) == SQLiteErrorCode.SQLITE_IOERR.code) {
            return "the disk failed (" + SQLiteErrorCode.getErrorCode(code).name()
                    + "); check it, then start this node again";
        }
        return "the database is damaged (" + SQLiteErrorCode.getErrorCode(code).name() + "); restore it from a backup";
    }

    private static int code(SQLException failure) {
        return failure instanceof SQLiteException sqlite ? sqlite.getResultCode().code : failure.getErrorCode();
    }

    private static boolean isWrite(int code) {
        return code == SQLiteErrorCode.SQLITE_IOERR_WRITE.code
                || code == SQLiteErrorCode.SQLITE_IOERR_TRUNCATE.code
                || code == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE.code
                || code == SQLiteErrorCode.SQLITE_IOERR_SHMMAP.code;
    }

    private boolean isScarce() {
        try {
            return Files.getFileStore(directory).getUsableSpace() < SCARCE_BYTES;
        } catch (IOException e) {
            return false;
        }
    }
}
