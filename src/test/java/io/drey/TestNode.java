// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.config.Settings;
import io.drey.contract.CheckedClient;
import io.drey.contract.Reply;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A node of its own inside the tests' process, on a free port and with a fresh data directory. A test class registers
 * one as a static extension, which stops it after the last test; a test that needs another closes it itself.
 */
public final class TestNode implements AfterAllCallback, AutoCloseable {
    /** The secret of the admin token. */
    public static final String ADMIN = "test-admin-token";

    private final Path directory;
    private Node node;
    private CheckedClient client;

    private TestNode(Path directory, List<String> flags) {
        this.directory = directory;
        run(flags);
    }

    /** Blocks until the node serves; flags as on the command line. */
    public static TestNode start(String... flags) {
        try {
            return new TestNode(Files.createTempDirectory("drey-test"), List.of(flags));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(List<String> flags) {
        var all = new ArrayList<>(List.of("--http.port=0", "--data.dir=" + directory.resolve("data")));
        all.addAll(flags);
        node = Node.start(NodeConfig.of(Settings.read(all, Map.of("DREY_ADMIN_TOKEN", ADMIN), directory)));
        client = new CheckedClient(url(), ADMIN);
    }

    /** Such as {@code http://127.0.0.1:40123}. */
    public String url() {
        return node.http();
    }

    public int port() {
        return URI.create(url()).getPort();
    }

    /** A client with the admin token that holds every reply to the contract; a restart makes another necessary. */
    public CheckedClient client() {
        return client;
    }

    /** The path of a new store without a name. */
    public String store() {
        return store("{}");
    }

    /** The path of a new store, from the body that describes it. */
    public String store(String body) {
        var reply = client.post("/v1/stores", json(body));
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        return "/v1/stores/" + reply.json().get("id").asText();
    }

    /** The secret of a new token with these scopes. */
    public String token(String scopes) {
        var reply = client.post("/v1/tokens", json("{'name':'test','scopes':" + scopes + "}"));
        assertThat(reply.status()).as("%s", reply).isEqualTo(201);
        return reply.json().get("secret").asText();
    }

    /** Sends these bytes, one for each character, over a connection of their own. */
    public Reply raw(String request) {
        return client.sendRaw(request.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** The head of a raw request with the admin token, its empty line included; headers as whole lines. */
    public static String head(String method, String target, String... headers) {
        var lines = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: drey\r\nConnection: close\r\n");
        lines.append("Authorization: Bearer ").append(ADMIN).append("\r\n");
        for (var header : headers) {
            lines.append(header).append("\r\n");
        }
        return lines.append("\r\n").toString();
    }

    /** JSON with single quotes made proper. */
    public static String json(String text) {
        return text.replace('\'', '"');
    }

    /** Stops the node and starts it again on the same data. */
    public void restart(String... flags) {
        node.close();
        run(List.of(flags));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    @Override
    public void close() {
        node.close();
        try (var files = Files.walk(directory)) {
            files.sorted(Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
