// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs PostgreSQL's programs as an account that they accept. */
final class Programs {
    private final Path directory;
    private final Account account;

    Programs(Path directory, Account account) {
        this.directory = directory;
        this.account = account;
    }

    Account account() {
        return account;
    }

    ProcessBuilder command(String program, List<String> arguments) {
        var words = new ArrayList<>(account.prefix());
        words.add(directory.resolve("bin").resolve(program).toString());
        words.addAll(arguments);
        var builder = new ProcessBuilder(words).redirectErrorStream(true);
        // Settings of the user's own PostgreSQL must not reach this one.
        builder.environment().keySet().removeIf(name -> name.startsWith("PG"));
        builder.environment().put("LC_ALL", "C");
        return builder;
    }

    /**
     * Runs a program to its end.
     *
     * @param input for its standard input
     * @throws LocalPostgresException with what it printed, when it fails
     */
    void run(String program, List<String> arguments, String input) throws IOException, InterruptedException {
        var process = command(program, arguments).start();
        try (var stream = process.getOutputStream()) {
            stream.write(input.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // It ended without reading; what it printed says why.
        }
        var printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new LocalPostgresException(program + " failed: " + reason(printed));
        }
    }

    /** The line that says what was wrong, out of all that was printed. */
    static String reason(String printed) {
        var lines = printed.lines().filter(line -> !line.isBlank()).toList();
        return lines.stream()
                .filter(line -> line.contains("FATAL: ") || line.contains("PANIC: ") || line.contains("error: "))
                .findFirst()
                .orElse(lines.isEmpty() ? "it printed nothing" : lines.get(lines.size() - 1))
                .strip();
    }
}
