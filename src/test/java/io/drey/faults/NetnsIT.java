// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The network of the partition stories cuts what it says, one way or both, and heals. */
class NetnsIT {
    @TempDir
    Path directory;

    @Test
    void cutMachinesDoNotReachEachOtherUntilHealed() {
        try (var network = Netns.open(3)) {
            assertThat(reaches(network, 0, 1)).isTrue();
            network.cutOneWay(0, 1);
            assertThat(reaches(network, 0, 1)).isFalse();
            assertThat(reaches(network, 1, 0))
                    .as("its packets get there, no answer comes back")
                    .isFalse();
            assertThat(reaches(network, 0, 2)).isTrue();
            assertThat(reaches(network, 2, 1)).isTrue();
            network.heal();
            assertThat(reaches(network, 0, 1)).isTrue();
            network.cut(1, 2);
            assertThat(reaches(network, 2, 1)).isFalse();
            network.heal();
            assertThat(reaches(network, 2, 1)).isTrue();
        }
    }

    @Test
    void testReachesServersThatRunOnMachines() throws Exception {
        try (var network = Netns.open(2);
                var postgres = new PostgresServer().at(network.address(0)).under(network.on(0));
                var server = new ServerProcess(directory).at(network.address(1)).under(network.on(1))) {
            postgres.start().createDatabase("drey");
            server.start();
            try (var client = server.client(Duration.ofSeconds(5))) {
                assertThat(client.get("/health/ready").status()).isEqualTo(200);
            }
            try (var session = postgres.connect("drey")) {
                assertThat(session.isValid(5)).isTrue();
            }
            network.cut(0, 1);
            assertThat(connects(postgres.host(), postgres.port()))
                    .as("the test's own way is not cut")
                    .isTrue();
            server.pause();
            server.resume();
            server.kill();
            postgres.killHard();
        }
    }

    /** A connection that is refused at once has been there and back; one that is cut says nothing. */
    private static boolean reaches(Netns network, int from, int to) {
        var command = new ArrayList<>(List.of(network.on(from)));
        command.addAll(List.of("timeout", "1", "bash", "-c", "! < /dev/tcp/" + network.address(to) + "/9"));
        return TemporaryDisk.run(command.toArray(String[]::new));
    }

    private static boolean connects(String host, int port) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(host, port), 2_000);
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
