// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.auth;

import io.drey.ledger.Directory.Account;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Who a request comes from and what they may do.
 *
 * @param admin whether everything in the account is allowed; {@code scopes} is then empty
 */
public record Principal(Account account, String tokenId, boolean admin, List<Scope> scopes) {
    public Principal {
        scopes = List.copyOf(scopes);
    }

    /** Whether anything in the store is in reach. */
    public boolean knows(String storeId) {
        return admin || of(storeId).findAny().isPresent();
    }

    public boolean mayRead(String storeId, byte[] key) {
        return admin || of(storeId).anyMatch(scope -> scope.reaches(key));
    }

    public boolean mayWrite(String storeId, byte[] key) {
        return admin || of(storeId).anyMatch(scope -> scope.write() && scope.reaches(key));
    }

    /** Whether every key that begins with {@code prefix} may be written. */
    public boolean mayWriteAll(String storeId, byte[] prefix) {
        return mayWrite(storeId, prefix);
    }

    /** Whether every key that begins with {@code prefix} may be read. */
    public boolean mayReadAll(String storeId, byte[] prefix) {
        return mayRead(storeId, prefix);
    }

    /**
     * The longest prefix that every readable key which begins with {@code asked} begins with; null when there can be no
     * such key.
     */
    public byte[] readablePrefix(String storeId, byte[] asked) {
        if (mayReadAll(storeId, asked)) {
            return asked;
        }
        var inside = of(storeId)
                .map(Scope::prefix)
                .filter(prefix -> new Scope(storeId, asked, false).reaches(prefix))
                .toList();
        return inside.stream().reduce(Principal::commonPrefix).orElse(null);
    }

    private static byte[] commonPrefix(byte[] one, byte[] other) {
        int difference = Arrays.mismatch(one, other);
        return difference < 0 ? one : Arrays.copyOf(one, difference);
    }

    private Stream<Scope> of(String storeId) {
        return scopes.stream().filter(scope -> scope.storeId().equals(storeId));
    }
}
