// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of the repository, on a list that is made here, since not every machine has Debian's: import, counting
 * from eight clients with trouble made on purpose, export, and a comparison with what plain Python computes.
 */
class PackagesExampleIT {
    private static final int PACKAGES = 4_000;
    private static final int SECTIONS = 25;

    @RegisterExtension
    static final TestNode NODE = TestNode.start();

    @TempDir
    private Path directory;

    @Test
    void everyRecordAndCountIsWhatPythonComputes() throws Exception {
        var example = new ProcessBuilder(
                        "python3",
                        Path.of("examples/packages/run.py").toAbsolutePath().toString(),
                        "--url",
                        NODE.url(),
                        "--token",
                        TestNode.ADMIN,
                        "--input",
                        list().toString(),
                        "--chaos")
                .redirectErrorStream(true)
                .start();
        var output = new String(example.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(example.waitFor()).as(output).isZero();
    }

    private Path list() throws IOException {
        var text = new StringBuilder();
        for (int i = 0; i < PACKAGES; i++) {
            // Some names come twice, and some hold what a path has to escape.
            text.append("Package: lib")
                    .append(i % (PACKAGES - 100))
                    .append(i % 7 == 0 ? "++~é%2F" : "")
                    .append('\n');
            text.append("Version: ").append(i).append(":1.0-").append(i).append('\n');
            text.append("Section: section/").append(i % SECTIONS).append('\n');
            text.append("Description: number ").append(i).append("\n several lines,\n .\n and a \"quote\" \\ é\n\n");
        }
        return Files.writeString(directory.resolve("Packages"), text);
    }
}
