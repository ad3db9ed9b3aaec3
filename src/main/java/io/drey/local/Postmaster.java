// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The process that serves a data directory, as its file {@code postmaster.pid} has it.
 *
 * @param process alive when this was read
 * @param isReady whether it accepts connections
 */
record Postmaster(ProcessHandle process, int port, boolean isReady) {
    private static final int PORT_LINE = 3;
    private static final int STATUS_LINE = 7;

    /** The postmaster of {@code data} if it runs, whoever started it. */
    static Optional<Postmaster> of(Path data) throws IOException {
        var file = data.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        var lines = Files.readAllLines(file);
        if (lines.size() <= PORT_LINE || lines.get(PORT_LINE).isBlank()) {
            // It is still being written.
            return Optional.empty();
        }
        long number = Long.parseLong(lines.get(0).strip());
        int port = Integer.parseInt(lines.get(PORT_LINE).strip());
        var real = data.toRealPath();
        boolean isReady =
                lines.size() > STATUS_LINE && lines.get(STATUS_LINE).strip().equals("ready");
        return ProcessHandle.of(number)
                .filter(process -> worksIn(process, real))
                .map(process -> new Postmaster(process, port, isReady));
    }

    /**
     * All processes of PostgreSQL in {@code data}: after the death of a postmaster its children live on for a moment, and
     * a new one must not start beside them.
     */
    static List<ProcessHandle> processes(Path data) throws IOException {
        var real = data.toRealPath();
        return ProcessHandle.allProcesses()
                .filter(process -> worksIn(process, real))
                .toList();
    }

    /** Whether a process has ended; one that its parent has not noticed counts as ended, unlike in its handle. */
    static boolean isGone(ProcessHandle process) {
        if (!process.isAlive()) {
            return true;
        }
        try {
            return Files.readSymbolicLink(entry(process).resolve("exe"))
                    .toString()
                    .isEmpty();
        } catch (IOException e) {
            return true;
        }
    }

    private static Path entry(ProcessHandle process) {
        return Path.of("/proc", Long.toString(process.pid()));
    }

    /** A number alone proves nothing, since it may have passed to another process; all of PostgreSQL's work in the data. */
    private static boolean worksIn(ProcessHandle process, Path data) {
        var entry = entry(process);
        try {
            return Files.readSymbolicLink(entry.resolve("cwd")).equals(data)
                    && Files.readSymbolicLink(entry.resolve("exe"))
                            .getFileName()
                            .toString()
                            .startsWith("postgres");
        } catch (IOException e) {
            // It has ended or belongs to somebody else.
            return false;
        }
    }
}
