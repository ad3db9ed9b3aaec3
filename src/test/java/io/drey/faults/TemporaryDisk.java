// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A file system in memory, of a size of one's own, where the tests may mount one; else the test is skipped. */
final class TemporaryDisk implements AutoCloseable {
    private static final long COMMAND_SECONDS = 10;

    private static final int BLOCK_BYTES = 64 << 10;

    private final Path directory;

    private TemporaryDisk(Path directory) {
        this.directory = directory;
    }

    /** Mounts over the directory; {@code options} as {@code mount} takes them, such as {@code size=64m}. */
    static TemporaryDisk mount(Path directory, String options) throws IOException {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root may mount a file system");
        Files.createDirectories(directory);
        assumeTrue(
                run("mount", "-t", "tmpfs", "-o", options, "tmpfs", directory.toString()),
                "mounting a file system is not allowed here");
        return new TemporaryDisk(directory);
    }

    Path directory() {
        return directory;
    }

    /** Writes a file until only about so much room is left. */
    void fill(Path file, long leave) throws IOException {
        var block = new byte[BLOCK_BYTES];
        try (var out = Files.newOutputStream(file)) {
            while (Files.getFileStore(directory).getUsableSpace() > leave) {
                out.write(block);
            }
        }
    }

    @Override
    public void close() {
        run("umount", "--lazy", directory.toString());
    }

    /** Whether a command ends well; false also when there is none of that name. */
    static boolean run(String... command) {
        try {
            var process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
