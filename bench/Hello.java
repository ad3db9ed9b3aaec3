// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;

/** The least that a Vert.x server can do, one constant answer of 100 bytes: the measure of the other figures. */
public final class Hello extends AbstractVerticle {
    private static final Buffer BODY = Buffer.buffer("{\"text\":\"" + "x".repeat(89) + "\"}");
    private static int port;

    public static void main(String[] arguments) {
        port = Integer.parseInt(arguments[0]);
        var cores = Runtime.getRuntime().availableProcessors();
        var vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(cores));
        vertx.deployVerticle(Hello::new, new DeploymentOptions().setInstances(cores))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
    }

    @Override
    public void start(Promise<Void> started) {
        vertx.createHttpServer()
                .requestHandler(request -> request.response()
                        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
                        .end(BODY))
                .listen(port, "127.0.0.1")
                .<Void>mapEmpty()
                .onComplete(started);
    }
}
