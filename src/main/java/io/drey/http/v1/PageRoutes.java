// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.Problem;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;

/** The start page, and the API's description as a file and as a page, all from the jar. */
final class PageRoutes {
    private static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private static final Map<String, String> SWAGGER_FILES = Map.of(
            "swagger-ui.css", "text/css; charset=utf-8",
            "swagger-ui-bundle.js", "text/javascript; charset=utf-8",
            "favicon-32x32.png", "image/png");
    private static final String POM = "/META-INF/maven/org.webjars/swagger-ui/pom.properties";

    private static final Map<String, byte[]> FILES = new ConcurrentHashMap<>();

    private final Services services;

    PageRoutes(Services services) {
        this.services = services;
    }

    Future<Reply> start(Exchange exchange) {
        return page("/pages/start.html");
    }

    Future<Reply> docs(Exchange exchange) {
        return page("/pages/docs.html");
    }

    private Future<Reply> page(String resource) {
        return file(resource, "text/html; charset=utf-8")
                .map(reply -> reply.with("Content-Security-Policy", CONTENT_SECURITY_POLICY));
    }

    Future<Reply> openApi(Exchange exchange) {
        return file("/openapi.yaml", "application/yaml");
    }

    Future<Reply> docsFile(Exchange exchange) {
        var name = String.valueOf(exchange.target().text(1));
        if (name.equals("docs.js")) {
            return file("/pages/docs.js", "text/javascript; charset=utf-8");
        }
        var type = SWAGGER_FILES.get(name);
        if (type == null) {
            throw Problem.notFound("There is no such file.").exception();
        }
        return file("/META-INF/resources/webjars/swagger-ui/" + swaggerVersion() + "/" + name, type);
    }

    private Future<Reply> file(String resource, String contentType) {
        var known = FILES.get(resource);
        Future<byte[]> bytes = known != null
                ? Future.succeededFuture(known)
                : services.context().executeBlocking(() -> FILES.computeIfAbsent(resource, PageRoutes::read), false);
        return bytes.map(body -> Reply.bytes(200, contentType, body).with("X-Content-Type-Options", "nosniff"));
    }

    private static byte[] read(String resource) {
        try (var in = PageRoutes.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException("missing in the jar: " + resource);
            }
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String swaggerVersion() {
        var properties = new Properties();
        try (var in = new InputStreamReader(PageRoutes.class.getResourceAsStream(POM), StandardCharsets.UTF_8)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }
}
