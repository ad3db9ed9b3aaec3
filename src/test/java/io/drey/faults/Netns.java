// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;

/**
 * Machines of a network of the test's own, each a network namespace with one address, all at one bridge that stands in
 * a namespace too. The host gets one interface, over which the test reaches them, and nothing else. What one machine
 * sends to another can be made to vanish, silently and for each direction alone: its table of neighbours gets a
 * hardware address that nobody has. Needs root and the program {@code ip}; where that is not given the test is skipped.
 */
final class Netns implements AutoCloseable {
    /** An address of the locally administered kind, as no interface here has it. */
    private static final String NOWHERE = "02:00:00:00:de:ad";

    private static final int HOST = 254;
    private static final int SUBNETS = 250;

    private final String name;
    private final int subnet;
    private final int machines;
    private final List<int[]> cuts = new ArrayList<>();
    private final Thread atExit = new Thread(this::delete);

    private Netns(int machines) {
        long process = ProcessHandle.current().pid();
        this.name = "drey-" + process;
        this.subnet = (int) (process % SUBNETS);
        this.machines = machines;
    }

    /** So many machines that all reach each other; skips the test when that is not possible here. */
    static Netns open(int machines) {
        skipUnless("root".equals(System.getProperty("user.name")), "only root may make network namespaces");
        skipUnless(TemporaryDisk.run("ip", "-Version"), "the program ip is missing");
        var netns = new Netns(machines);
        Runtime.getRuntime().addShutdownHook(netns.atExit);
        skipUnless(
                TemporaryDisk.run("ip", "netns", "add", netns.hub()), "making network namespaces is not allowed here");
        try {
            netns.connect();
        } catch (AssertionError e) {
            netns.close();
            throw e;
        }
        return netns;
    }

    String address(int machine) {
        return "10.213." + subnet + "." + (machine + 1);
    }

    /** What stands before a command that is to run on a machine. */
    String[] on(int machine) {
        return new String[] {"ip", "netns", "exec", machine(machine)};
    }

    /** What one machine sends to another is lost from now on, the other direction is left as it is. */
    void cutOneWay(int from, int to) {
        ip("-n", machine(from), "neigh", "replace", address(to), "lladdr", NOWHERE, "dev", "eth0", "nud", "permanent");
        cuts.add(new int[] {from, to});
    }

    void cut(int one, int other) {
        cutOneWay(one, other);
        cutOneWay(other, one);
    }

    /** All machines reach each other again. */
    void heal() {
        for (var cut : cuts) {
            ip("-n", machine(cut[0]), "neigh", "del", address(cut[1]), "dev", "eth0");
        }
        cuts.clear();
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(atExit);
        delete();
    }

    private void connect() {
        ip("-n", hub(), "link", "add", "bridge", "type", "bridge", "forward_delay", "0");
        ip("-n", hub(), "link", "set", "bridge", "up");
        for (int i = 0; i < machines; i++) {
            ip("netns", "add", machine(i));
            ip("-n", machine(i), "link", "set", "lo", "up");
            plug("port" + i, "eth0", machine(i));
            ip("-n", machine(i), "address", "add", address(i) + "/24", "dev", "eth0");
            ip("-n", machine(i), "link", "set", "eth0", "up");
        }
        plug("host", name, String.valueOf(ProcessHandle.current().pid()));
        ip("address", "add", address(HOST - 1) + "/24", "dev", name);
        ip("link", "set", name, "up");
    }

    /** A cable between a port of the bridge and an interface elsewhere. */
    private void plug(String port, String device, String namespace) {
        ip("-n", hub(), "link", "add", port, "type", "veth", "peer", "name", device, "netns", namespace);
        ip("-n", hub(), "link", "set", port, "master", "bridge");
        ip("-n", hub(), "link", "set", port, "up");
    }

    /** Its interfaces go with a namespace, and with them their other ends. */
    private void delete() {
        for (int i = 0; i < machines; i++) {
            TemporaryDisk.run("ip", "netns", "delete", machine(i));
        }
        TemporaryDisk.run("ip", "netns", "delete", hub());
    }

    private String hub() {
        return name + "-hub";
    }

    private String machine(int machine) {
        return name + "-" + machine;
    }

    private static void ip(String... arguments) {
        var command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        assertThat(TemporaryDisk.run(command.toArray(String[]::new)))
                .as("%s", command)
                .isTrue();
    }

    private static void skipUnless(boolean possible, String otherwise) {
        if (!possible) {
            System.out.println("skipped: " + otherwise);
        }
        assumeTrue(possible, otherwise);
    }
}
