// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A network of the test's own between a client and a server: it passes bytes on at once, late, or not at all, refuses
 * connections and cuts them. It begins by passing everything. Safe for use by several threads.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CONNECT_MILLIS = 5_000;
    private static final int BACKLOG = 200;

    private final InetSocketAddress server;
    private final int port = ServerProcess.freePort();
    private final boolean speaksPostgres;
    private final Set<ProxyLink> links = ConcurrentHashMap.newKeySet();
    private final AtomicReference<AnswerCut.Order> cut = new AtomicReference<>();
    private final Wire toServer = new Wire();
    private final Wire toClient = new Wire();
    private ServerSocket listener;
    private Thread acceptor;
    private volatile boolean closed;

    private TcpProxy(InetSocketAddress server, boolean speaksPostgres) {
        this.server = server;
        this.speaksPostgres = speaksPostgres;
        accept();
    }

    /** In front of anything. */
    public static TcpProxy to(String host, int port) {
        return new TcpProxy(new InetSocketAddress(host, port), false);
    }

    /** In front of a PostgreSQL server, whose protocol it follows. */
    public static TcpProxy to(PostgresServer postgres) {
        return new TcpProxy(new InetSocketAddress(postgres.host(), postgres.port()), true);
    }

    /** Where clients find the server through this, on the loopback address. */
    public int port() {
        return port;
    }

    /** Every byte arrives so much later from now on; order and throughput stay. */
    public void delay(Duration towardsServer, Duration towardsClient) {
        toServer.delay(towardsServer);
        toClient.delay(towardsClient);
    }

    /** New connections are refused until {@link #accept}; open ones stay. */
    public synchronized void refuse() {
        if (listener == null) {
            return;
        }
        try {
            listener.close();
            listener = null;
            // As long as it still waits for a client the port is not free.
            acceptor.join();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Takes new connections again. */
    public synchronized void accept() {
        if (listener != null) {
            return;
        }
        try {
            var opened = new ServerSocket(port, BACKLOG, InetAddress.getLoopbackAddress());
            listener = opened;
            acceptor = daemon("proxy-" + port, () -> acceptFrom(opened));
            acceptor.start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Resets all connections; new ones are taken. */
    public void cut() {
        links.forEach(ProxyLink::reset);
    }

    /** What is sent is held back until {@link #pass}, as by a network that is down and comes back. */
    public void hold(boolean towardsServer, boolean towardsClient) {
        toServer.carry(towardsServer ? Wire.Carries.LATER : Wire.Carries.NOW);
        toClient.carry(towardsClient ? Wire.Carries.LATER : Wire.Carries.NOW);
    }

    /** What is sent is lost; connections that have lost something are reset by {@link #pass}. */
    public void swallow(boolean towardsServer, boolean towardsClient) {
        toServer.carry(towardsServer ? Wire.Carries.NEVER : Wire.Carries.NOW);
        toClient.carry(towardsClient ? Wire.Carries.NEVER : Wire.Carries.NOW);
    }

    /** Ends {@link #hold}, {@link #swallow}, {@link #delay} and {@link #refuse}. */
    public void pass() {
        links.stream().filter(ProxyLink::hasLost).forEach(ProxyLink::reset);
        delay(Duration.ZERO, Duration.ZERO);
        hold(false, false);
        accept();
    }

    /**
     * The next statement whose text contains the pattern is carried out, its answer is lost and its connection ends, as
     * when the network fails just after a commit. Only in front of PostgreSQL.
     *
     * @return completed when that has happened
     */
    public CompletableFuture<Void> loseAnswerTo(String pattern) {
        if (!speaksPostgres) {
            throw new IllegalStateException("does not know where an answer begins");
        }
        var done = new CompletableFuture<Void>();
        cut.set(new AnswerCut.Order(pattern, done));
        return done;
    }

    /** How many connections are open. */
    public int connections() {
        return links.size();
    }

    @Override
    public void close() {
        closed = true;
        refuse();
        delay(Duration.ZERO, Duration.ZERO);
        hold(false, false);
        cut();
    }

    private void acceptFrom(ServerSocket opened) {
        while (true) {
            Socket client;
            try {
                client = opened.accept();
            } catch (IOException e) {
                // Closed by refuse().
                return;
            }
            // A server that cannot be reached must not keep the next client waiting.
            daemon("proxy-" + port + "-connect", () -> connect(client)).start();
        }
    }

    private void connect(Socket client) {
        var towards = new Socket();
        try {
            towards.connect(server, CONNECT_MILLIS);
            var answers = speaksPostgres ? new AnswerCut(cut) : null;
            var link = new ProxyLink(client, towards, toServer, toClient, answers, links::remove);
            links.add(link);
            link.start();
            if (closed) {
                link.reset();
            }
        } catch (IOException e) {
            ProxyLink.reset(client);
            ProxyLink.reset(towards);
        }
    }

    static Thread daemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    /** One direction, for all connections. */
    static final class Wire {
        private Carries carries = Carries.NOW;
        private volatile long delayNanos;

        synchronized void carry(Carries when) {
            carries = when;
            notifyAll();
        }

        void delay(Duration duration) {
            delayNanos = duration.toNanos();
        }

        long delayNanos() {
            return delayNanos;
        }

        /** Waits while bytes are held back; whether they may then go on. */
        synchronized boolean awaitPassage() throws InterruptedException {
            while (carries == Carries.LATER) {
                wait();
            }
            return carries == Carries.NOW;
        }

        enum Carries {
            NOW,
            LATER,
            NEVER
        }
    }
}
