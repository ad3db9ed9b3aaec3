// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import io.drey.cluster.ClusterException;
import io.drey.config.ConfigException;
import io.drey.config.Logging;
import io.drey.config.Settings;
import io.drey.ledger.LedgerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.Files;
import java.util.concurrent.ForkJoinPool;
import org.slf4j.LoggerFactory;

/** Starts one node from its configuration, says how to reach it, and stops it on SIGTERM. */
public final class Main {
    private static final int EXIT_CONFIG = 2;
    private static final int EXIT_START = 1;
    private static final int EXIT_STOP = 3;
    private static final long STOP_MILLIS_MAX = 28_000;

    private Main() {}

    public static void main(String... arguments) {
        long begun = System.nanoTime();
        try {
            var settings = Settings.read(arguments);
            Logging.configure(settings);
            run(NodeConfig.of(settings), begun);
        } catch (ConfigException e) {
            fail(EXIT_CONFIG, e.getMessage());
        }
    }

    private static void run(NodeConfig config, long begun) {
        warnOfSlowCompletions();
        try {
            var node = Node.start(config);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(node), "drey-stop"));
            welcome(node, config, (System.nanoTime() - begun) / 1_000_000);
        } catch (LedgerException | ClusterException | UncheckedIOException e) {
            fail(EXIT_START, e.getMessage());
        } catch (RuntimeException e) {
            fail(EXIT_START, reason(e, config));
        }
    }

    private static String reason(Throwable thrown, NodeConfig config) {
        for (var cause = thrown; cause != null; cause = cause.getCause()) {
            if (isBindFailure(cause)) {
                return "http.port: " + config.http().port() + " on "
                        + config.http().host() + " cannot be bound (" + cause.getMessage()
                        + "), expected a free port of this machine";
            }
            if (cause instanceof LedgerException || cause instanceof ClusterException) {
                return cause.getMessage();
            }
        }
        LoggerFactory.getLogger(Main.class).error("The node cannot start", thrown);
        return "The node cannot start: " + thrown.getMessage();
    }

    /** The native transport has an exception of its own for it, which only its text tells from others. */
    private static boolean isBindFailure(Throwable cause) {
        return cause instanceof BindException
                || cause instanceof IOException
                        && String.valueOf(cause.getMessage()).startsWith("bind(");
    }

    /**
     * Hazelcast completes its calls on the common pool; with one thread there it starts a new thread for each, which is
     * slower by a factor of thirty.
     */
    private static void warnOfSlowCompletions() {
        if (ForkJoinPool.getCommonPoolParallelism() < 2) {
            LoggerFactory.getLogger(Main.class)
                    .warn("Writes will be slow: start Java with"
                            + " -Djava.util.concurrent.ForkJoinPool.common.parallelism=2 or more, as run.sh does");
        }
    }

    private static void stop(Node node) {
        LoggerFactory.getLogger(Main.class).info("Stopping: finishing what runs");
        var watch = new Thread(Main::haltLate, "drey-halt");
        watch.setDaemon(true);
        watch.start();
        node.close();
    }

    /** What is committed is committed: a part that does not end must not hold the process any longer. */
    private static void haltLate() {
        try {
            Thread.sleep(STOP_MILLIS_MAX);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        LoggerFactory.getLogger(Main.class).error("A part did not stop in time; ending the process");
        Runtime.getRuntime().halt(EXIT_STOP);
    }

    private static void welcome(Node node, NodeConfig config, long millis) {
        var url = node.http();
        var generated = node.generatedToken();
        var file = config.dataDirectory().resolve("admin.token");
        String token;
        if (generated.isPresent()) {
            token = generated.get();
        } else if (Files.exists(file)) {
            token = "$(cat " + file + ")";
        } else {
            token = "$DREY_ADMIN_TOKEN";
        }
        System.out.printf(
                "Drey is ready after %.1f s; data in %s, durability %s.%n",
                millis / 1000.0,
                config.dataDirectory(),
                config.http().durability().text());
        generated.ifPresent(secret -> System.out.printf("Admin token (also in %s): %s%n", file, secret));
        System.out.printf(
                "Dashboard: %s/%s%n",
                url, generated.map(secret -> "#token=" + secret).orElse(""));
        System.out.printf("Try:       curl -H \"Authorization: Bearer %s\" %s/v1/stores%n", token, url);
        System.out.flush();
    }

    private static void fail(int status, String message) {
        System.err.println("drey: " + message);
        System.exit(status);
    }
}
