// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Held for the life of the process, so that one process at a time writes. */
final class LockFile implements AutoCloseable {
    static final String FILE = "drey.lock";

    /**
     * What this process holds. It must not even open such a file again: closing any descriptor of a file releases all
     * locks that the process has on it.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static LockFile take(Path directory) {
        try {
            Path file = directory.toRealPath().resolve(FILE);
            if (!HELD.add(file)) {
                throw inUse(directory);
            }
            FileChannel channel = lock(file);
            if (channel == null) {
                HELD.remove(file);
                throw inUse(directory);
            }
            return new LockFile(file, channel);
        } catch (IOException e) {
            throw new LedgerException.Unusable(
                    "data.dir " + directory + " cannot be written (" + e + "); check its owner and its rights", e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
        HELD.remove(file);
    }

    /** Null when another process holds it. */
    private static FileChannel lock(Path file) throws IOException {
        FileChannel channel = null;
        try {
            channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (IOException e) {
            HELD.remove(file);
            if (channel != null) {
                channel.close();
            }
            throw e;
        }
        channel.close();
        return null;
    }

    private static LedgerException inUse(Path directory) {
        return new LedgerException.Unusable(
                "data.dir " + directory + " is in use by another Drey process; stop it or choose another directory",
                null);
    }
}
