// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.auth;

import io.drey.ledger.Directory.Account;
import io.drey.ledger.LedgerException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/**
 * The token that lets the first person in. It comes from the environment, and is then written nowhere, or is generated
 * at the first start and written to {@code admin.token}, readable by the owner alone. Blocks; runs once, at start.
 */
public final class AdminToken {
    private static final String ACCOUNT = "admin";
    private static final String ID = "adminBootstrap000";
    private static final String SCOPES = "[\"admin\"]";
    private static final int TRIES_MAX = 3;

    private final Tokens tokens;
    private final Path file;

    public AdminToken(Tokens tokens, Path dataDirectory) {
        this.tokens = tokens;
        this.file = dataDirectory.resolve("admin.token");
    }

    /**
     * Sees to it that there is an admin; answers the secret when it was generated just now. Of several nodes that start
     * at once the first one makes it; the others look again.
     */
    public Optional<String> ensure(Optional<String> fromEnvironment) {
        for (int tries = 1; ; tries++) {
            try {
                return tryEnsure(fromEnvironment);
            } catch (CompletionException e) {
                if (tries == TRIES_MAX || !(e.getCause() instanceof LedgerException)) {
                    throw e;
                }
            }
        }
    }

    private Optional<String> tryEnsure(Optional<String> fromEnvironment) {
        var account = tokens.account(ACCOUNT).toCompletableFuture().join();
        var all = tokens.list(account.number()).toCompletableFuture().join();
        var present = all.stream().filter(token -> token.id().equals(ID)).findFirst();
        present.ifPresent(tokens::administrator);
        if (fromEnvironment.isPresent()) {
            var secret = fromEnvironment.get();
            if (present.isEmpty() || !tokens.matches(present.get(), secret)) {
                present.ifPresent(token -> tokens.revoke(account.number(), ID, null)
                        .toCompletableFuture()
                        .join());
                create(account, secret);
                deleteFile();
            }
            return Optional.empty();
        }
        if (all.stream().anyMatch(token -> token.scopes().equals(SCOPES))) {
            return Optional.empty();
        }
        var secret = Secrets.token();
        writeFile(secret);
        try {
            create(account, secret);
        } catch (CompletionException e) {
            deleteFile();
            throw e;
        }
        return Optional.of(secret);
    }

    /** The generated secret, as long as its file is there. */
    public Path file() {
        return file;
    }

    private void create(Account account, String secret) {
        var created = tokens.create(ID, secret, "admin", account, SCOPES, 0, null);
        tokens.administrator(created.toCompletableFuture().join());
    }

    private void writeFile(String secret) {
        var temporary = file.resolveSibling("admin.token.new");
        try {
            Files.deleteIfExists(temporary);
            Files.createFile(
                    temporary, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(temporary, secret + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException("The admin token cannot be written to " + file, e);
        }
    }

    private void deleteFile() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("The replaced admin token cannot be removed from " + file, e);
        }
    }
}
