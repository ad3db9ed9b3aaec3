// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Directory.NewToken;
import io.drey.ledger.Directory.Token;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Makes a token. What comes of it is known beforehand. */
record TokenCreation(NewToken wanted) implements Change<Token> {
    @Override
    public String columns() {
        return "f";
    }

    @Override
    public String function() {
        return "create_token";
    }

    @Override
    public List<Object> values() {
        return Arrays.asList(
                wanted.id(),
                Buffer.buffer(wanted.hash()),
                FreeText.bytes(wanted.name()),
                wanted.account().number(),
                wanted.scopes(),
                wanted.now(),
                wanted.expiresAt());
    }

    @Override
    public int foreseenValues() {
        return 0;
    }

    @Override
    public CompletionStage<Foreseen<Token>> foresee() {
        return CompletableFuture.completedStage(Foreseen.of(token()));
    }

    @Override
    public Token result(RowSet<Row> rows) {
        return token();
    }

    private Token token() {
        return new Token(
                wanted.id(),
                wanted.hash(),
                wanted.name(),
                wanted.account(),
                wanted.scopes(),
                wanted.now(),
                wanted.expiresAt(),
                0,
                false);
    }
}
