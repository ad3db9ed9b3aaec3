// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.io.IOException;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * One connection through a {@link TcpProxy}: for each direction a thread that reads and one that writes when a chunk's
 * time has come.
 */
final class ProxyLink {
    private static final int CHUNK_BYTES = 16 << 10;
    private static final int CHUNKS_MAX = 256;

    private final Socket client;
    private final Socket server;
    private final TcpProxy.Wire toServer;
    private final TcpProxy.Wire toClient;
    /** Null when the server does not speak PostgreSQL's protocol. */
    private final AnswerCut answers;

    private final Consumer<ProxyLink> ended;
    private final AtomicBoolean hasLost = new AtomicBoolean();
    private final AtomicInteger openDirections = new AtomicInteger(2);
    private volatile boolean isCut;

    ProxyLink(
            Socket client,
            Socket server,
            TcpProxy.Wire toServer,
            TcpProxy.Wire toClient,
            AnswerCut answers,
            Consumer<ProxyLink> ended) {
        this.client = client;
        this.server = server;
        this.toServer = toServer;
        this.toClient = toClient;
        this.answers = answers;
        this.ended = ended;
    }

    void start() throws IOException {
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        carry(client, server, toServer);
        carry(server, client, toClient);
    }

    /** Whether bytes of it were swallowed, so that it can never be right again. */
    boolean hasLost() {
        return hasLost.get();
    }

    /** Both sides see a connection that is gone, not one that was closed. */
    void reset() {
        reset(client);
        reset(server);
        ended.accept(this);
    }

    static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
        } catch (IOException e) {
            // It is closed already.
        }
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no more use either way.
        }
    }

    private void carry(Socket from, Socket to, TcpProxy.Wire wire) {
        var chunks = new LinkedBlockingQueue<Chunk>(CHUNKS_MAX);
        var writer = TcpProxy.daemon("proxy-writer", () -> write(chunks, to, wire));
        TcpProxy.daemon("proxy-reader", () -> read(from, chunks, wire, writer)).start();
        writer.start();
    }

    private void read(Socket from, BlockingQueue<Chunk> chunks, TcpProxy.Wire wire, Thread writer) {
        var buffer = new byte[CHUNK_BYTES];
        try {
            int length;
            do {
                length = from.getInputStream().read(buffer);
                var bytes = Arrays.copyOf(buffer, Math.max(0, length));
                chunks.put(new Chunk(bytes, System.nanoTime() + wire.delayNanos()));
            } while (length >= 0);
            if (isCut && from == client) {
                reset();
            }
        } catch (IOException e) {
            // What was sent before a reset is lost with it.
            fail();
            writer.interrupt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write(BlockingQueue<Chunk> chunks, Socket to, TcpProxy.Wire wire) {
        try {
            while (true) {
                var chunk = chunks.take();
                awaitTime(chunk.due());
                if (!wire.awaitPassage()) {
                    hasLost.set(true);
                } else if (chunk.isEnd()) {
                    to.shutdownOutput();
                    break;
                } else {
                    pass(chunk.bytes(), to);
                }
            }
            if (openDirections.decrementAndGet() == 0) {
                reset();
            }
        } catch (IOException | InterruptedException e) {
            fail();
        }
    }

    private void pass(byte[] bytes, Socket to) throws IOException {
        int length = bytes.length;
        if (answers != null && to == server) {
            answers.sending(bytes);
        } else if (answers != null) {
            length = answers.receiving(bytes);
        }
        to.getOutputStream().write(bytes, 0, length);
        if (answers != null && answers.isCut() && !isCut) {
            isCut = true;
            // A reset would take the answers before this one out of the client's hands.
            client.shutdownOutput();
            reset(server);
            answers.tell();
        }
    }

    /** A connection whose answer was cut off lasts until its client has seen that it is over. */
    private void fail() {
        if (!isCut) {
            reset();
        }
    }

    private static void awaitTime(long due) throws InterruptedException {
        for (long left; (left = due - System.nanoTime()) > 0; ) {
            LockSupport.parkNanos(left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /**
     * Bytes on their way; none for the end of the stream.
     *
     * @param due when they arrive, in nanoseconds
     */
    private record Chunk(byte[] bytes, long due) {
        boolean isEnd() {
            return bytes.length == 0;
        }
    }
}
