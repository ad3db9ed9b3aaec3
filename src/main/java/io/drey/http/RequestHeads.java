// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.timeout.IdleStateHandler;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.impl.Http1xServerConnection;
import io.vertx.core.net.impl.ConnectionBase;
import java.nio.charset.StandardCharsets;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Ends HTTP/1 requests whose head was begun but does not become complete, which neither Vert.x nor Netty does: an idle
 * connection may stay, a half request may not. For one event loop.
 *
 * <p>Vert.x shows a connection only with its first complete head. Until then the server's short idle time-out holds,
 * which closes without an answer; from then on the configured one, and a stalled head is answered with 408.
 */
final class RequestHeads {
    private final Map<HttpConnection, Watch> watches = new IdentityHashMap<>();
    private final long timeoutNanos;
    private final long idleMillis;

    RequestHeads(HttpConfig config) {
        this.timeoutNanos = config.requestTimeout() * 1_000_000;
        this.idleMillis = config.idleTimeout();
    }

    void opened(HttpConnection connection) {
        if (!(connection instanceof ConnectionBase base)) {
            return;
        }
        var pipeline = base.channel().pipeline();
        if (pipeline.get(IdleStateHandler.class) != null) {
            pipeline.replace(
                    IdleStateHandler.class, null, new IdleStateHandler(0, 0, idleMillis, TimeUnit.MILLISECONDS));
        }
        if (!(connection instanceof Http1xServerConnection)) {
            return; // HTTP/2 has no half heads.
        }
        var watch = new Watch();
        var tls = pipeline.context(SslHandler.class);
        if (tls == null) {
            pipeline.addFirst(watch);
        } else {
            pipeline.addAfter(tls.name(), null, watch);
        }
        watches.put(connection, watch);
    }

    void closed(HttpConnection connection) {
        watches.remove(connection);
    }

    /** The head is complete. */
    void begun(HttpConnection connection) {
        var watch = watches.get(connection);
        if (watch != null) {
            watch.since = 0;
            watch.requests++;
        }
    }

    /** The request is answered. */
    void ended(HttpConnection connection) {
        var watch = watches.get(connection);
        if (watch != null) {
            watch.requests--;
        }
    }

    /** To be called now and then. */
    void check() {
        long now = System.nanoTime();
        List.copyOf(watches.values()).stream()
                .filter(watch -> watch.since != 0 && now - watch.since > timeoutNanos)
                .forEach(Watch::giveUp);
    }

    private static final class Watch extends ChannelInboundHandlerAdapter {
        private ChannelHandlerContext context;
        private long since;
        private int requests;

        @Override
        public void handlerAdded(ChannelHandlerContext added) {
            context = added;
        }

        @Override
        public void channelRead(ChannelHandlerContext channel, Object bytes) {
            if (requests == 0 && since == 0) {
                since = System.nanoTime();
            }
            channel.fireChannelRead(bytes);
        }

        /** Written past the HTTP encoder, which knows of no request to answer. */
        void giveUp() {
            since = 0;
            var body = Problem.requestTimeout().toBytes();
            var head = "HTTP/1.1 408 Request Timeout\r\nContent-Type: " + Problem.CONTENT_TYPE + "\r\nContent-Length: "
                    + body.length + "\r\nConnection: close\r\n\r\n";
            var bytes = Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), body);
            context.writeAndFlush(bytes).addListener(ChannelFutureListener.CLOSE);
        }
    }
}
