// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.config.Settings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands of the README as a new user would: {@code run.sh} in a fresh directory, then the curls. */
class ReadmeIT {
    private static final Path HOME = Path.of("").toAbsolutePath();
    private static final Pattern BLOCK = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
    private static final Pattern STATUS = Pattern.compile("\\[status (\\d+)]");

    /** Made of the README's own {@code curl}, so that every answer tells its status too. */
    private static final String CURL = "curl() { command curl --write-out '\n[status %{http_code}]\n' \"$@\"; }\n";

    @TempDir
    private Path directory;

    @Test
    void commandsOfTheReadmeWork() throws Exception {
        var readme = Files.readString(HOME.resolve("README.md"));
        Files.copy(HOME.resolve("README.md"), directory.resolve("README.md"));
        var server = new ProcessBuilder(HOME.resolve("run.sh").toString());
        server.directory(directory.toFile())
                .redirectErrorStream(true)
                .environment()
                .put("DREY_HTTP_PORT", "0");
        server.environment().remove("DREY_ADMIN_TOKEN");
        var process = server.start();
        try {
            var printed = untilCurl(process);
            var url = printed.get(printed.size() - 1).replaceAll(".* (https?://[^/ ]+)/.*", "$1");
            assertThat(run(printed.get(printed.size() - 1).replaceAll("^Try: *", "")))
                    .containsExactly(200);
            var curls = String.join("\n", blocks(readme, "## Three curls", "## A cluster"));
            var statuses = run(curls.replace("localhost:8080", url.replace("http://", "")));
            assertThat(statuses).containsExactly(201, 200, 200, 201, 412, 200, 200, 201, 206);
        } finally {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void flagsOfTheReadmeAreKnown() throws IOException {
        var readme = Files.readString(HOME.resolve("README.md"));
        var block = blocks(readme, "## Configuration", "## Operations").get(0);
        var flags = Arrays.stream(block.strip().split(" "))
                .filter(word -> word.startsWith("--"))
                .toList();
        assertThat(Settings.read(flags, Map.of(), directory).integer("http.port", 0, 65_535))
                .isEqualTo(8081);
    }

    private static List<String> blocks(String readme, String from, String to) {
        var part = readme.substring(readme.indexOf(from), readme.indexOf(to));
        return BLOCK.matcher(part).results().map(match -> match.group(1)).toList();
    }

    /** The lines that the server prints, up to the curl that works, which is the last. */
    private static List<String> untilCurl(Process process) throws IOException {
        var lines = new ArrayList<String>();
        var reader = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line;
        while ((line = reader.readLine()) != null) {
            lines.add(line);
            if (line.startsWith("Try:")) {
                return lines;
            }
        }
        throw new AssertionError("run.sh ended early:\n" + String.join("\n", lines));
    }

    /** The statuses of the answers, in order. */
    private List<Integer> run(String script) throws Exception {
        var bash = new ProcessBuilder("bash", "-e", "-c", CURL + script)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).as(output).isZero();
        return STATUS.matcher(output)
                .results()
                .map(match -> Integer.valueOf(match.group(1)))
                .toList();
    }
}
