// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.drey.ledger.Directory;
import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.NewToken;
import io.drey.ledger.Directory.Once;
import io.drey.ledger.Directory.Token;
import io.drey.ledger.Ledger;
import io.drey.ledger.LedgerException;
import io.drey.ledger.Marks;
import io.drey.member.Fence;
import io.drey.member.Lease;
import io.drey.member.Membership;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tokens: who a secret belongs to, made, listed and revoked. Only salted SHA-256 hashes leave this class for the ledger;
 * secrets made here have 256 random bits, so that a slow hash would protect nothing more. What was looked up is
 * remembered until the token is revoked. Safe from any thread.
 */
public final class Tokens implements Membership.Listener {
    private static final int REMEMBERED_MAX = 100_000;
    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(Tokens::sha256);

    private final Ledger ledger;
    private final Directory directory;
    private final Fence fence;
    private final Lease lease;
    private final byte[] salt;
    private final Cache<ByteBuffer, Known> known =
            Caffeine.newBuilder().maximumSize(REMEMBERED_MAX).build();
    private final Map<String, Long> used = new ConcurrentHashMap<>();
    private volatile long revocations;
    private volatile Token administrator;

    public Tokens(Ledger ledger, Fence fence, Lease lease, byte[] salt) {
        this.ledger = ledger;
        this.directory = ledger.directory();
        this.fence = fence;
        this.lease = lease;
        this.salt = salt;
    }

    /** Who the secret belongs to, null for nobody; fails when the ledger cannot be asked. */
    public CompletionStage<Principal> authenticate(String secret) {
        var hash = hash(secret);
        // The lease first: what is still remembered after it was held has been true under it.
        boolean held = lease.isHeld();
        var remembered = known.getIfPresent(ByteBuffer.wrap(hash));
        if (remembered != null) {
            return held
                    ? CompletableFuture.completedFuture(principal(remembered, hash))
                    : CompletableFuture.failedFuture(new LedgerException.Unavailable(
                            "this node has not reached the durable store for too long to know its tokens", null));
        }
        long seen = revocations;
        return directory.tokenByHash(hash).thenApply(token -> {
            if (token == null) {
                return null;
            }
            var found = new Known(token, principal(token));
            if (!token.marked()) {
                remember(ByteBuffer.wrap(hash), found, seen);
            }
            return principal(found, hash);
        });
    }

    private Principal principal(Known found, byte[] hash) {
        var token = found.token();
        long now = ledger.now();
        boolean valid =
                MessageDigest.isEqual(hash, token.hash()) && (token.expiresAt() == 0 || token.expiresAt() > now);
        if (!valid) {
            return null;
        }
        if (now - found.notedAt > 1_000) {
            found.notedAt = now;
            used.put(token.id(), now);
        }
        return found.principal();
    }

    private static Principal principal(Token token) {
        var scopes = ScopesJson.parse(token.scopes());
        return new Principal(token.account(), token.id(), ScopesJson.isAdmin(scopes), ScopesJson.read(scopes));
    }

    /** Makes a token for {@code secret}, which is kept nowhere. */
    public CompletionStage<Token> create(
            String id, String secret, String name, Account account, String scopes, long expiresAt, Once<Token> once) {
        return directory.createToken(
                new NewToken(id, hash(secret), name, account, scopes, ledger.now(), expiresAt), once);
    }

    public CompletionStage<List<Token>> list(long account) {
        return directory.tokens(account);
    }

    /** Nobody is let in by the token from the moment on that this completes; answers whether there was one. */
    public CompletionStage<Boolean> revoke(long account, String id, Once<Boolean> once) {
        return fence.change(Marks.token(id), mark -> directory.deleteToken(account, id, once, mark))
                .whenComplete((existed, failure) -> forgetAll());
    }

    @Override
    public void marked(Set<String> subjects) {
        if (subjects.stream().anyMatch(subject -> subject.startsWith(Marks.TOKENS))) {
            forgetAll();
        }
        if (administrator != null && subjects.contains(Marks.token(administrator.id()))) {
            administrator = null;
        }
    }

    @Override
    public void lapsed() {
        forgetAll();
    }

    @Override
    public void lost() {
        forgetAll();
    }

    /** The token that tells operators how things are, even while the ledger cannot be asked. */
    void administrator(Token token) {
        administrator = token;
    }

    /** Who the secret belongs to, if that is the administrator of the first start, as last heard; else null. */
    public Principal administrator(String secret) {
        var token = administrator;
        return token != null && matches(token, secret) ? principal(token) : null;
    }

    private synchronized void remember(ByteBuffer hash, Known found, long seen) {
        if (seen == revocations) {
            known.put(hash, found);
        }
    }

    /** Revocations are rare: forgetting everything is simple and leaves no way for a lookup under way to slip in. */
    private synchronized void forgetAll() {
        revocations++;
        known.invalidateAll();
    }

    /** The account of that name, made when it is missing. */
    public CompletionStage<Account> account(String name) {
        return directory.account(name, true);
    }

    /** Whether {@code token} is the one of {@code secret}. */
    boolean matches(Token token, String secret) {
        return MessageDigest.isEqual(token.hash(), hash(secret));
    }

    /** Writes to the ledger when tokens were last used. */
    public CompletionStage<Void> flushUse() {
        var taken = new HashMap<String, Long>();
        used.forEach((id, at) -> {
            if (used.remove(id, at)) {
                taken.put(id, at);
            }
        });
        return taken.isEmpty() ? CompletableFuture.completedFuture(null) : directory.noteTokenUse(taken);
    }

    private byte[] hash(String secret) {
        var digest = SHA256.get();
        digest.update(salt);
        return digest.digest(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static final class Known {
        private final Token token;
        private final Principal principal;
        private volatile long notedAt;

        Known(Token token, Principal principal) {
            this.token = token;
            this.principal = principal;
        }

        Token token() {
            return token;
        }

        Principal principal() {
            return principal;
        }
    }
}
