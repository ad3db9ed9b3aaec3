// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.util.concurrent.TimeUnit;

/** How a server is set up for Drey. */
final class Servers {
    /** Room for the method and the version beside the target, so that our own bound decides. */
    private static final int LINE_BYTES_SPARE = 64;

    private static final int CHUNK_BYTES = 64 * 1024;
    private static final int BACKLOG = 4_096;

    private Servers() {}

    /** The idle time-out is that of a connection which has not sent its first request; see {@link RequestHeads}. */
    static HttpServerOptions options(HttpConfig config) {
        var limits = config.limits();
        var options = new HttpServerOptions()
                .setHost(config.host())
                .setPort(config.port())
                .setMaxInitialLineLength(limits.requestLineBytes() + LINE_BYTES_SPARE)
                .setMaxHeaderSize(limits.headerBytes())
                .setMaxChunkSize(CHUNK_BYTES)
                .setAcceptBacklog(BACKLOG)
                .setTcpNoDelay(true)
                .setReuseAddress(true)
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) Math.min(config.requestTimeout(), config.idleTimeout()))
                .setInitialSettings(new Http2Settings().setMaxHeaderListSize(limits.headerBytes()))
                .setDecompressionSupported(false)
                .setCompressionSupported(false);
        if (config.tls()) {
            options.setSsl(true)
                    .setUseAlpn(true)
                    .setKeyCertOptions(new PemKeyCertOptions()
                            .addCertPath(config.certificate())
                            .addKeyPath(config.key()));
        }
        return options;
    }
}
