// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** PostgreSQL's data directory and the password of the one user that may connect to it. No postmaster runs meanwhile. */
final class DataDirectory {
    static final String USER = "drey";
    static final String DATABASE = "drey";

    private static final int PASSWORD_BYTES = 24;
    /** The superuser, who has no password, cannot connect. */
    private static final String HOST_RULES = "host all all 127.0.0.1/32 scram-sha-256\n";

    private final Path data;
    private final Path password;

    DataDirectory(Path parent) {
        this.data = parent.resolve("data");
        this.password = parent.resolve("password");
    }

    Path path() {
        return data;
    }

    boolean isComplete() {
        return Files.isDirectory(data) && Files.exists(password);
    }

    String password() throws IOException {
        return Files.readString(password).strip();
    }

    /** Makes what is missing: the data, or a new password in place of one that was removed. */
    void complete(Programs programs) throws IOException, InterruptedException {
        if (!Files.isDirectory(data)) {
            Files.deleteIfExists(password);
            create(programs);
        }
        if (!Files.exists(password)) {
            setPassword(programs);
        }
    }

    private void create(Programs programs) throws IOException, InterruptedException {
        var fresh = data.resolveSibling("data.new");
        Archive.delete(fresh);
        Files.createDirectory(
                fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        programs.account().own(fresh);
        programs.run(
                "initdb",
                List.of(
                        "--pgdata=" + fresh.toAbsolutePath(),
                        "--username=postgres",
                        "--auth=trust",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--data-checksums",
                        "--no-instructions"),
                "");
        alone(programs, fresh, "create role " + USER + " login", "create database " + DATABASE + " owner " + USER);
        Files.writeString(fresh.resolve("pg_hba.conf"), HOST_RULES);
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE);
    }

    private void setPassword(Programs programs) throws IOException, InterruptedException {
        var bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        var secret = HexFormat.of().formatHex(bytes);
        var fresh = password.resolveSibling("password.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, secret + "\n");
        alone(programs, data, "alter role " + USER + " password '" + secret + "'");
        Files.move(fresh, password, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Runs statements, one for each line, without a server. */
    private static void alone(Programs programs, Path data, String... statements)
            throws IOException, InterruptedException {
        programs.run(
                "postgres",
                List.of("--single", "-D", data.toAbsolutePath().toString(), "-c", "exit_on_error=on", "postgres"),
                String.join("\n", statements) + "\n");
    }
}
