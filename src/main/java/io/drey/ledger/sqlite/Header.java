// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** Looks at the first page of a file without SQLite, which might already change something. */
final class Header {
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int BYTES = 100;
    private static final int PAGE_BYTES = 4_096;
    private static final int PAGE_SIZE_AT = 16;
    private static final int PAGES_AT = 28;
    private static final int CHANGES_AT = 24;
    private static final int APPLICATION_AT = 68;
    private static final int PAGES_VALID_FOR_AT = 92;

    private Header() {}

    /** What is wrong with the file, null when it may be opened; a file that is missing or empty may. */
    static String trouble(Path file, Path wal) throws IOException {
        boolean logged = Files.exists(wal) && Files.size(wal) > 0;
        if (!Files.exists(file) || Files.size(file) == 0) {
            return logged
                    ? file + " is missing, but its write-ahead log " + wal.getFileName()
                            + " is there; restore both together from a backup"
                    : null;
        }
        ByteBuffer header = read(file);
        if (header.remaining() < BYTES || !Arrays.equals(Arrays.copyOf(header.array(), MAGIC.length), MAGIC)) {
            return file + " is not an SQLite database; move it away or choose another data.dir";
        }
        if (header.getInt(APPLICATION_AT) != Schema.APPLICATION_ID) {
            return file + " is an SQLite database, but not one of Drey; move it away or choose another data.dir";
        }
        if (header.getShort(PAGE_SIZE_AT) != PAGE_BYTES) {
            return file + " has a damaged header; restore it from a backup";
        }
        boolean counted = header.getInt(CHANGES_AT) == header.getInt(PAGES_VALID_FOR_AT);
        long pages = Integer.toUnsignedLong(header.getInt(PAGES_AT));
        if (!logged && counted && Files.size(file) < pages * PAGE_BYTES) {
            return file + " is shorter than it was written; restore it from a backup";
        }
        return null;
    }

    private static ByteBuffer read(Path file) throws IOException {
        var header = ByteBuffer.allocate(BYTES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {
                // Until it is full or the file ends.
            }
        }
        return header.flip();
    }
}
