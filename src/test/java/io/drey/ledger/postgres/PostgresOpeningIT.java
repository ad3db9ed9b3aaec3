// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.faults.PostgresServer;
import io.drey.ledger.Claims.Node;
import io.drey.ledger.Durability;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException.Unusable;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is wrong with a database is told in one line, without the password; many nodes may start at one instant. */
class PostgresOpeningIT {
    private static PostgresServer server;
    private static int databases;
    private String database;

    @BeforeAll
    static void startServer() {
        server = new PostgresServer().with("fsync", "off").start();
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @BeforeEach
    void createDatabase() {
        database = "opening" + ++databases;
        server.createDatabase(database);
    }

    @Test
    void wrongPasswordIsNamedWithoutIt() {
        refused(url("drey:not-the-password@"), "refuses the password of user drey");
    }

    @Test
    void unknownUserIsNamed() {
        refused(url("nobody:some-password@"), "user nobody");
    }

    @Test
    void unreachableServerIsNamed() throws Exception {
        int port;
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        assertThatThrownBy(() -> open("postgresql://drey:some-password@127.0.0.1:" + port + "/x"))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("127.0.0.1:" + port + " cannot be reached")
                .hasMessageNotContaining("some-password");
    }

    @Test
    void unknownDatabaseIsNamed() {
        assertThatThrownBy(() -> open(server.url("nowhere")))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("nowhere")
                .hasMessageContaining("does not exist")
                .hasMessageNotContaining(PostgresServer.PASSWORD);
    }

    @Test
    void malformedUrlIsNotRepeated() {
        assertThatThrownBy(() -> open("mysql://drey:some-password@127.0.0.1/x"))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining("postgresql://")
                .hasMessageNotContaining("some-password");
    }

    @Test
    void schemaThatIsNotOursIsLeftAlone() throws Exception {
        execute("create schema drey", "create table drey.wheels (number int)");
        refused(server.url(database), "not ours");
        execute("select number from drey.wheels");
    }

    @Test
    void newerSchemaIsLeftAlone() throws Exception {
        open(server.url(database)).close();
        execute("update drey.meta set value = 999 where name = 'schema'");
        refused(server.url(database), "newer Drey (schema 999");
    }

    @Test
    void missingRightsAreNamed() throws Exception {
        execute("create role guest" + databases + " login password 'guest-password'");
        refused(url("guest" + databases + ":guest-password@"), "grant create on the database");
        open(server.url(database)).close();
        refused(url("guest" + databases + ":guest-password@"), "schema drey");
    }

    @Test
    void emptySchemaOfTheirOwnerIsNotOurs() throws Exception {
        execute("create schema drey");
        refused(server.url(database), "not ours");
    }

    /** A pooler answers for the server, with a number of its own for the session. */
    @Test
    void poolerIsRefused() throws Exception {
        try (var pooler = new ServerSocket(0)) {
            var relay = new Thread(() -> relay(pooler));
            relay.start();
            String address = "127.0.0.1:" + pooler.getLocalPort();
            assertThatThrownBy(() -> open(server.url(database).replaceAll("127.0.0.1:\\d+", address)))
                    .isInstanceOf(Unusable.class)
                    .hasMessageContaining(address)
                    .hasMessageContaining("pooler")
                    .hasMessageNotContaining(PostgresServer.PASSWORD);
            relay.join(10_000);
            assertThat(relay.isAlive()).isFalse();
        }
    }

    /** Passes one connection on; the message with the number of the session is changed. */
    private static void relay(ServerSocket pooler) {
        try (var client = pooler.accept();
                var upstream = new Socket("127.0.0.1", server.port())) {
            var toServer = new Thread(() -> {
                try {
                    client.getInputStream().transferTo(upstream.getOutputStream());
                    upstream.shutdownOutput();
                } catch (IOException e) {
                    // One of them has ended.
                }
            });
            toServer.start();
            byte[] head = {'K', 0, 0, 0, 12};
            int seen = 0;
            for (int next; (next = upstream.getInputStream().read()) >= 0; ) {
                boolean isProcess = seen == head.length;
                client.getOutputStream().write(isProcess ? next ^ 64 : next);
                seen = !isProcess && next == head[seen] ? seen + 1 : 0;
            }
        } catch (IOException e) {
            // One of them has ended.
        }
    }

    @Test
    void manyMayStartAtOneInstant() throws Exception {
        var opening = new ArrayList<CompletableFuture<Ledger>>();
        for (int i = 0; i < 6; i++) {
            opening.add(
                    CompletableFuture.supplyAsync(() -> open(server.url(database)), task -> new Thread(task).start()));
        }
        var numbers = new HashSet<Long>();
        for (var each : opening) {
            var ledger = each.get(60, TimeUnit.SECONDS);
            var node = new Node("node" + numbers.size(), "127.0.0.1:1", "http://127.0.0.1:2");
            numbers.add(ledger.claims().join(node).toCompletableFuture().get(10, TimeUnit.SECONDS));
        }
        assertThat(numbers).hasSize(6);
        for (var each : opening) {
            each.join().close();
        }
    }

    private void refused(String url, String words) {
        assertThatThrownBy(() -> open(url))
                .isInstanceOf(Unusable.class)
                .hasMessageContaining(words)
                .hasMessageContaining(database)
                .hasMessageContaining("127.0.0.1:" + server.port())
                .satisfies(failure -> assertThat(failure.getMessage())
                        .doesNotContain("password@", "-password", PostgresServer.PASSWORD, "\n"));
    }

    private String url(String userAndPassword) {
        return "postgresql://" + userAndPassword + "127.0.0.1:" + server.port() + "/" + database;
    }

    private void execute(String... statements) throws SQLException {
        try (var connection = server.connect(database);
                var call = connection.createStatement()) {
            for (String statement : statements) {
                call.execute(statement);
            }
        }
    }

    private static Ledger open(String url) {
        return Postgres.open(new PostgresConfig(url, Durability.FSYNC, 3_000, 1));
    }
}
