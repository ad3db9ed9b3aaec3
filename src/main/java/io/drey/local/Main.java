// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

import java.nio.file.Path;

/** Runs one {@link LocalPostgres} in the foreground until SIGTERM; prints its URL when it is ready. */
public final class Main {
    private static final int EXIT_USAGE = 2;
    private static final int EXIT_START = 1;
    private static final String DIRECTORY = "--data.dir=";
    private static final String PORT = "--port=";
    private static final int PORT_MAX = 65_535;

    private Main() {}

    public static void main(String... arguments) {
        long begun = System.nanoTime();
        var directory = Path.of("data/cluster/postgres");
        int port = 15_432;
        for (var argument : arguments) {
            if (argument.startsWith(DIRECTORY)) {
                directory = Path.of(argument.substring(DIRECTORY.length()));
            } else if (argument.startsWith(PORT)) {
                port = port(argument.substring(PORT.length()));
            } else {
                fail(EXIT_USAGE, "\"" + argument + "\" is unknown, expected --data.dir=DIRECTORY or --port=PORT");
            }
        }
        run(directory, port, begun);
    }

    private static void run(Path directory, int port, long begun) {
        var postgres = new LocalPostgres(directory, directory, port);
        Runtime.getRuntime().addShutdownHook(new Thread(postgres::close, "drey-stop"));
        try {
            var url = postgres.start();
            double seconds = (System.nanoTime() - begun) / 1e9;
            System.out.printf("PostgreSQL is ready after %.1f s; data in %s.%nURL: %s%n", seconds, directory, url);
            System.out.flush();
            postgres.awaitEnd();
        } catch (LocalPostgresException e) {
            fail(EXIT_START, e.getMessage());
        }
    }

    private static int port(String text) {
        if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) >= 1 && Integer.parseInt(text) <= PORT_MAX) {
            return Integer.parseInt(text);
        }
        fail(EXIT_USAGE, "--port=" + text + " is not allowed, expected a number from 1 to " + PORT_MAX);
        return 0;
    }

    private static void fail(int status, String message) {
        System.err.println("drey: " + message);
        System.exit(status);
    }
}
