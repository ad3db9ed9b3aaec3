// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * As whom PostgreSQL's programs run. They refuse to run as root, so root runs them as another user.
 *
 * @param prefix the words before each command
 * @param user number of the user that the data must belong to, or {@link #SAME} when it belongs to this process
 * @param group likewise
 */
record Account(List<String> prefix, int user, int group) {
    static final int SAME = -1;

    private static final Account OWN = new Account(List.of(), SAME, SAME);
    /** Still root to the file system, but not by its number: no directory changes hands. */
    private static final Account ROOT_IN_DISGUISE = new Account(List.of("unshare", "--user"), SAME, SAME);

    /** For this process and a data directory that may not be there yet. */
    static Account of(Path data) throws IOException, InterruptedException {
        if (number(Path.of("/proc/self"), "unix:uid") != 0) {
            return OWN;
        }
        if (Files.exists(data)) {
            int owner = number(data, "unix:uid");
            return owner == 0 ? ROOT_IN_DISGUISE : as(owner, number(data, "unix:gid"));
        }
        if (printed("unshare", "--user", "id").isPresent()) {
            return ROOT_IN_DISGUISE;
        }
        // Many containers forbid namespaces.
        for (var name : List.of("postgres", "nobody")) {
            var user = printed("id", "--user", name);
            var group = printed("id", "--group", name);
            if (user.isPresent() && group.isPresent()) {
                return as(Integer.parseInt(user.get()), Integer.parseInt(group.get()));
            }
        }
        throw new LocalPostgresException(
                "PostgreSQL does not run as root, and there is no user postgres or nobody to run it; start as another"
                        + " user");
    }

    boolean isOther() {
        return user != SAME;
    }

    /** Gives a file or an empty directory to this account. */
    void own(Path path) throws IOException {
        if (isOther()) {
            Files.setAttribute(path, "unix:gid", group);
            Files.setAttribute(path, "unix:uid", user);
        }
    }

    private static Account as(int user, int group) {
        return new Account(List.of("setpriv", "--reuid=" + user, "--regid=" + group, "--clear-groups"), user, group);
    }

    private static int number(Path path, String attribute) throws IOException {
        return (int) Files.getAttribute(path, attribute);
    }

    /** What a command prints, or empty when it fails or is not there. */
    private static Optional<String> printed(String... command) throws InterruptedException {
        try {
            var process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            return process.waitFor() == 0 ? Optional.of(text) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
