// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.CommitResult.OverQuota;
import java.sql.SQLException;

/** The store behind a space, with its counts as they move within one transaction. */
final class OpenSpace {
    private static final String FIND = "select s.number, s.records, s.bytes, s.quota_records, s.quota_bytes"
            + " from space p join store s on s.number = p.store where p.space = ? and p.state = 0";
    private static final String UPDATE =
            "update store set records = ?, bytes = ?, modified_at = max(modified_at, ?) where number = ?";

    private final long store;
    private final long quotaRecords;
    private final long quotaBytes;
    private long records;
    private long bytes;
    private long modifiedAt;
    private boolean changed;

    private OpenSpace(long store, long records, long bytes, long quotaRecords, long quotaBytes) {
        this.store = store;
        this.records = records;
        this.bytes = bytes;
        this.quotaRecords = quotaRecords;
        this.quotaBytes = quotaBytes;
    }

    /** Null when the space is no store's current one. */
    static OpenSpace find(Session session, long space) throws SQLException {
        return session.first(
                FIND,
                row -> new OpenSpace(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4), row.getLong(5)),
                space);
    }

    long store() {
        return store;
    }

    /** Why the store may not grow so, null when it may. What does not grow is never refused. */
    OverQuota refusal(int recordsMore, long bytesMore) {
        if (recordsMore > 0 && quotaRecords >= 0 && records + recordsMore > quotaRecords) {
            return new OverQuota("records", quotaRecords, records + recordsMore);
        }
        if (bytesMore > 0 && quotaBytes >= 0 && bytes + bytesMore > quotaBytes) {
            return new OverQuota("bytes", quotaBytes, bytes + bytesMore);
        }
        return null;
    }

    void add(int recordsMore, long bytesMore, long time) {
        records += recordsMore;
        bytes += bytesMore;
        modifiedAt = Math.max(modifiedAt, time);
        changed = true;
    }

    void write(Session session) throws SQLException {
        if (changed) {
            session.update(UPDATE, records, bytes, modifiedAt, store);
        }
    }
}
