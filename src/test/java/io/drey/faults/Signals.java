// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Signals for a process and all that it has started. */
final class Signals {
    private static final Duration END = Duration.ofSeconds(20);

    private Signals() {}

    /** Sends a signal, such as {@code STOP}, to the process and then to its descendants. */
    static void sendToAll(String signal, ProcessHandle process) {
        // The parent first: while it stands still it starts no further children.
        send(signal, List.of(process));
        send(signal, process.descendants().toList());
    }

    static void send(String signal, ProcessHandle process) {
        send(signal, List.of(process));
    }

    /** SIGKILL for the process and its descendants; returns when all are gone. */
    static void killAll(ProcessHandle process) {
        send("STOP", List.of(process));
        var all = Stream.concat(Stream.of(process), process.descendants()).toList();
        all.forEach(ProcessHandle::destroyForcibly);
        await().atMost(END).pollInterval(Duration.ofMillis(5)).until(() -> all.stream()
                .noneMatch(Signals::runs));
    }

    private static void send(String signal, List<ProcessHandle> processes) {
        if (processes.isEmpty()) {
            return;
        }
        var command = new ArrayList<>(List.of("kill", "-" + signal));
        processes.forEach(process -> command.add(String.valueOf(process.pid())));
        boolean sent = TemporaryDisk.run(command.toArray(String[]::new));
        // One of several may have ended meanwhile.
        assertThat(sent || processes.size() > 1).as("%s", command).isTrue();
    }

    /** Whether it has not ended; what has ended may stay in the table of processes until its parent looks. */
    private static boolean runs(ProcessHandle process) {
        try {
            var stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException e) {
            return false;
        }
    }
}
