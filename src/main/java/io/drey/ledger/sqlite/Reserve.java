// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

/** A file of real bytes that is given up when the disk is full, so that what removes something still has room. */
final class Reserve {
    static final String FILE = "drey.reserve";

    private static final int BLOCK_BYTES = 64 * 1024;
    /** Left beside the reserve, for otherwise the next write would give it up again. */
    private static final long MARGIN_BYTES = 2L << 20;

    private final Path file;
    private final long bytes;

    Reserve(Path directory, long bytes) {
        this.file = directory.resolve(FILE);
        this.bytes = bytes;
    }

    /** By how much the database may be about to grow, so that giving up the reserve makes room for that and more. */
    long growthBytes() {
        return (bytes == 0 ? SqliteConfig.RESERVE_BYTES_DEFAULT : bytes) / 2;
    }

    /** Gives the room back to the disk. */
    void giveUp() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // Then there is no room to gain here; the next write says so.
        }
    }

    /** Writes the reserve unless it is there; answers whether it is, with a margin beside it. */
    boolean take() {
        try {
            if (Files.exists(file) && Files.size(file) == bytes) {
                return true;
            }
            if (!hasRoom()) {
                return false;
            }
            write();
            return true;
        } catch (IOException e) {
            giveUp();
            return false;
        }
    }

    /** Whether the disk has room for it. */
    boolean hasRoom() {
        try {
            return Files.getFileStore(file.getParent()).getUsableSpace() >= bytes + MARGIN_BYTES;
        } catch (IOException e) {
            return false;
        }
    }

    private void write() throws IOException {
        // Random bytes, since a file system that compresses would keep no room for zeros.
        byte[] block = new byte[BLOCK_BYTES];
        new Random().nextBytes(block);
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long left = bytes; left > 0; ) {
                var buffer = ByteBuffer.wrap(block, 0, (int) Math.min(left, BLOCK_BYTES));
                while (buffer.hasRemaining()) {
                    left -= channel.write(buffer);
                }
            }
            channel.force(true);
        }
    }
}
