// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.Payloads;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Large values. Chunks go beside the turn and the connection of commits; the commit that binds them flushes them. */
final class PostgresPayloads implements Payloads {
    private static final int INDEX_BITS = 20;
    private static final int CHUNKS_AT_ONCE = 64;
    private static final long GRACE_MILLIS = 3_600_000;

    private static final String BEGIN = "select drey.begin_payload($1, $2)";
    private static final String APPEND = "select drey.append_chunk($1, $2, $3, $4, $5)";
    private static final String READ = "select bytes from drey.chunk where id = $1";
    private static final String ABANDON = "select drey.abandon_payload($1, $2)";
    private static final String CONDEMN = "select drey.condemn_payload($1, $2)";
    private static final String DROP = "select drey.drop_chunks($1, $2, $3)";

    private final Database database;

    PostgresPayloads(Database database) {
        this.database = database;
    }

    @Override
    public CompletionStage<Long> begin() {
        return database.upload(BEGIN, Tuple.of(database.server(), database.now()), Stages.first(row -> row.getLong(0)));
    }

    @Override
    public CompletionStage<Void> append(long id, int index, byte[] chunk) {
        var values = Tuple.of(database.server(), id, index, Buffer.buffer(chunk), database.now());
        return database.upload(APPEND, values, rows -> {
            if (!rows.iterator().next().getBoolean(0)) {
                throw new Unavailable("the upload was swept away or its chunks are out of order", null);
            }
            return null;
        });
    }

    @Override
    public CompletionStage<byte[]> read(long id, int index) {
        return database.page(READ, Tuple.of(id << INDEX_BITS | index), rows -> {
            if (rows.size() == 0) {
                throw new Unavailable("this part of the value is not there", null);
            }
            return rows.iterator().next().getBuffer(0).getBytes();
        });
    }

    @Override
    public CompletionStage<Void> abandon(long id) {
        return database.upload(ABANDON, Tuple.of(database.server(), id), Stages::nothing);
    }

    @Override
    public CompletionStage<Integer> sweep(int limit) {
        return Stages.bare(sweep(limit, 0));
    }

    private CompletionStage<Integer> sweep(int limit, int done) {
        if (done >= limit) {
            return CompletableFuture.completedStage(done);
        }
        var values = Tuple.of(database.server(), database.now() - GRACE_MILLIS);
        return database.background(CONDEMN, values, Stages.first(row -> row.getLong(0)))
                .thenCompose(id -> id == null
                        ? CompletableFuture.completedStage(done)
                        : drop(id).thenCompose(nothing -> sweep(limit, done + 1)));
    }

    /** Some chunks at a time, so that other calls come between. */
    private CompletionStage<Void> drop(long id) {
        var values = Tuple.of(database.server(), id, CHUNKS_AT_ONCE);
        return database.background(DROP, values, Stages.first(row -> row.getBoolean(0)))
                .thenCompose(isGone -> isGone ? CompletableFuture.completedStage(null) : drop(id));
    }
}
