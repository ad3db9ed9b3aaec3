// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Commit;
import io.drey.ledger.CommitResult;
import io.drey.ledger.Durability;
import io.drey.ledger.LedgerException.Unknown;
import io.drey.ledger.Payloads;
import io.drey.ledger.Records;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/** The present state of all records. */
final class PostgresRecords implements Records {
    private static final byte[] NOTHING = {};
    private static final String COLUMNS =
            "e.version, e.size, e.created_at, e.modified_at, e.expires_at, e.content_type, e.payload, e.value";
    private static final String LOAD_ONE = "select 1::bigint as n, " + COLUMNS + " from drey.record e"
            + " join drey.space p on p.space = e.space and p.state = 0 where e.space = $1 and e.key = $2";
    private static final String LOAD = "select w.n, " + COLUMNS + " from unnest($1::bigint[], $2::bytea[])"
            + " with ordinality w (space, key, n) join drey.record e on e.space = w.space and e.key = w.key"
            + " join drey.space p on p.space = e.space and p.state = 0";
    private static final String LIST = "select * from drey.list_page($1, $2, $3, $4, $5, $6, $7)";
    private static final String EXPIRED = "select e.space, e.key from drey.record e"
            + " where e.expires_at is not null and e.expires_at <= $1"
            + " and exists (select 1 from drey.space p where p.space = e.space and p.state = 0)"
            + " order by e.expires_at limit $2";
    private static final int ITEM = 0;
    private static final int PREFIX = 1;

    private final Database database;
    private final Payloads payloads;
    private final boolean isLazy;

    PostgresRecords(Database database, Payloads payloads, Durability durability) {
        this.database = database;
        this.payloads = payloads;
        this.isLazy = durability == Durability.OS;
    }

    @Override
    public CompletionStage<List<Entry>> load(List<RecordKey> keys) {
        if (keys.size() == 1) {
            RecordKey key = keys.get(0);
            return database.read(LOAD_ONE, Tuple.of(key.space(), Buffer.buffer(key.bytes())), rows -> entries(rows, 1));
        }
        Long[] spaces = keys.stream().map(RecordKey::space).toArray(Long[]::new);
        Buffer[] bytes = keys.stream().map(key -> Buffer.buffer(key.bytes())).toArray(Buffer[]::new);
        var values = Tuple.tuple().addValue(spaces).addValue(bytes);
        return database.read(LOAD, values, rows -> entries(rows, keys.size()));
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
        var large = new LargeValues(payloads);
        var result = new CompletableFuture<CommitResult>();
        large.upload(commit)
                .thenCompose(ready -> database.commit(
                        CommitCall.SQL,
                        new CommitCall(commit, large).values(database.server(), isLazy),
                        rows -> Verdicts.read(rows.iterator().next(), commit, large)))
                .whenComplete((done, failure) -> {
                    if (failure == null) {
                        result.complete(done);
                        return;
                    }
                    // Composing wraps failures; stages of a ledger fail with its own alone.
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (!(cause instanceof Unknown)) {
                        large.abandon();
                    }
                    result.completeExceptionally(Failures.meaning(cause, true));
                });
        return result;
    }

    @Override
    public CompletionStage<Page> list(Listing listing) {
        var values = Tuple.tuple()
                .addValue(listing.space())
                .addValue(Buffer.buffer(listing.prefix()))
                .addValue(listing.after() == null ? null : Buffer.buffer(listing.after()))
                .addValue(listing.delimiter() == null ? null : Buffer.buffer(listing.delimiter()))
                .addValue(listing.limit())
                .addValue(listing.values())
                .addValue(listing.bytesMax());
        return database.page(LIST, values, rows -> page(rows, listing.values()));
    }

    @Override
    public CompletionStage<List<RecordKey>> expired(long now, int limit) {
        return database.page(EXPIRED, Tuple.of(now, limit), rows -> {
            var keys = new ArrayList<RecordKey>(rows.size());
            rows.forEach(row ->
                    keys.add(new RecordKey(row.getLong(0), row.getBuffer(1).getBytes())));
            return keys;
        });
    }

    private static List<Entry> entries(RowSet<Row> rows, int count) {
        var entries = new Entry[count];
        for (Row row : rows) {
            entries[(int) (row.getLong("n") - 1)] = entry(row, true);
        }
        return Arrays.asList(entries);
    }

    private static Page page(RowSet<Row> rows, boolean values) {
        var items = new ArrayList<Item>();
        var prefixes = new ArrayList<byte[]>();
        byte[] next = null;
        for (Row row : rows) {
            byte[] key = row.getBuffer("key").getBytes();
            int kind = row.getInteger("kind");
            if (kind == ITEM) {
                items.add(new Item(key, row.getLong("size"), entry(row, values)));
            } else if (kind == PREFIX) {
                prefixes.add(key);
            } else {
                next = key;
            }
        }
        return new Page(items, prefixes, next);
    }

    private static Entry entry(Row row, boolean withValue) {
        Long expiresAt = row.getLong("expires_at");
        return new Entry(
                withValue ? value(row) : null,
                row.getString("content_type"),
                row.getLong("version"),
                row.getLong("created_at"),
                row.getLong("modified_at"),
                expiresAt == null ? Entry.NEVER : expiresAt);
    }

    private static Value value(Row row) {
        Long payload = row.getLong("payload");
        if (payload != null) {
            return new Value.Stored(payload, row.getLong("size"));
        }
        Buffer bytes = row.getBuffer("value");
        return new Value.Inline(bytes == null ? NOTHING : bytes.getBytes());
    }
}
