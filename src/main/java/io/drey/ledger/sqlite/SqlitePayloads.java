// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Payloads;
import io.drey.ledger.sqlite.PayloadRows.Swept;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Large values. Chunks wait behind commits and are synced by the commit that binds them. */
final class SqlitePayloads implements Payloads {
    private final Writer writer;
    private final Readers readers;

    SqlitePayloads(Writer writer, Readers readers) {
        this.writer = writer;
        this.readers = readers;
    }

    @Override
    public CompletionStage<Long> begin() {
        return writer.background(true, PayloadRows::begin);
    }

    @Override
    public CompletionStage<Void> append(long id, int index, byte[] chunk) {
        return writer.background(true, turn -> {
            PayloadRows.append(turn, id, index, chunk);
            return null;
        });
    }

    @Override
    public CompletionStage<byte[]> read(long id, int index) {
        return readers.read(session -> PayloadRows.read(session, id, index));
    }

    @Override
    public CompletionStage<Void> abandon(long id) {
        return writer.background(false, turn -> {
            PayloadRows.abandon(turn.session(), id);
            return null;
        });
    }

    @Override
    public CompletionStage<Integer> sweep(int limit) {
        return Stages.bare(sweep(limit, 0));
    }

    /** A transaction for each step, so that commits come between. */
    private CompletionStage<Integer> sweep(int limit, int done) {
        if (done >= limit) {
            return CompletableFuture.completedStage(done);
        }
        return writer.background(false, PayloadRows::sweep)
                .thenCompose(swept -> swept == Swept.NOTHING
                        ? CompletableFuture.completedStage(done)
                        : sweep(limit, swept == Swept.WHOLE ? done + 1 : done));
    }
}
