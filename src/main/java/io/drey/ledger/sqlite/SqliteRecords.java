// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Commit;
import io.drey.ledger.CommitResult;
import io.drey.ledger.Records;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** The present state of all records. */
final class SqliteRecords implements Records {
    private static final String EXPIRED = "select space, key from record"
            + " where expires_at is not null and expires_at <= ?"
            + " and (select state from space where space.space = record.space) = 0 order by expires_at limit ?";

    private final Writer writer;
    private final Readers readers;
    private final SqliteClaims claims;

    SqliteRecords(Writer writer, Readers readers, SqliteClaims claims) {
        this.writer = writer;
        this.readers = readers;
        this.claims = claims;
    }

    @Override
    public CompletionStage<List<Entry>> load(List<RecordKey> keys) {
        return readers.read(session -> load(session, keys));
    }

    @Override
    public CompletionStage<CommitResult> commit(Commit commit) {
        return writer.commit(
                CommitTransaction.needsRoom(commit), turn -> new CommitTransaction(commit, claims, turn).run());
    }

    @Override
    public CompletionStage<Page> list(Listing listing) {
        return readers.read(session -> new PageReader(session, listing).read());
    }

    @Override
    public CompletionStage<List<RecordKey>> expired(long now, int limit) {
        return readers.read(
                session -> session.all(EXPIRED, row -> new RecordKey(row.getLong(1), row.getBytes(2)), now, limit));
    }

    private static List<Entry> load(Session session, List<RecordKey> keys) throws SQLException {
        var current = new HashMap<Long, Boolean>(2);
        var entries = new ArrayList<Entry>(keys.size());
        for (RecordKey key : keys) {
            Boolean isCurrent = current.get(key.space());
            if (isCurrent == null) {
                isCurrent = Spaces.isCurrent(session, key.space());
                current.put(key.space(), isCurrent);
            }
            entries.add(isCurrent ? RecordRows.load(session, key) : null);
        }
        return entries;
    }
}
