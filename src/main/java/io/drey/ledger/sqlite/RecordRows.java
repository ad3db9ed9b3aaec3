// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Records.Item;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Rows of records, each checked against its checksum when read. */
final class RecordRows {
    /** In the order in which {@link #item} reads them; the value follows. */
    static final String COLUMNS =
            "key, version, size, created_at, modified_at, expires_at, content_type, payload, checksum";

    private static final byte[] EMPTY = {};

    private static final String INSERT =
            "insert into record (version, size, created_at, modified_at, expires_at, content_type, payload, checksum,"
                    + " value, space, key) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing";
    private static final String UPDATE = "update record set version = ?, size = ?, created_at = ?, modified_at = ?,"
            + " expires_at = ?, content_type = ?, payload = ?, checksum = ?, value = ?"
            + " where space = ? and key = ? and version = ? and size = ? and payload is ?";
    private static final String DELETE =
            "delete from record where space = ? and key = ? and version = ? and size = ? and payload is ?";
    private static final String STATE = "select version, size, payload from record where space = ? and key = ?";
    private static final String LOAD = "select " + COLUMNS + ", value from record where space = ? and key = ?";

    private RecordRows() {}

    static boolean insert(Session session, RecordKey key, Entry entry, Placed placed) throws SQLException {
        var values = new Object[11];
        fill(values, key, entry, placed);
        return session.update(INSERT, values) == 1;
    }

    /** Answers false when the record is not as {@code base} says. */
    static boolean update(Session session, RecordKey key, Entry entry, Placed placed, State base) throws SQLException {
        var values = new Object[14];
        fill(values, key, entry, placed);
        values[11] = base.version();
        values[12] = base.size();
        values[13] = base.payload();
        return session.update(UPDATE, values) == 1;
    }

    /** Answers false when the record is not as {@code base} says. */
    static boolean delete(Session session, RecordKey key, State base) throws SQLException {
        return session.update(DELETE, key.space(), key.bytes(), base.version(), base.size(), base.payload()) == 1;
    }

    /** Null when absent. */
    static State state(Session session, RecordKey key) throws SQLException {
        return session.first(
                STATE,
                row -> new State(row.getLong(1), row.getLong(2), Session.nullableLong(row, 3)),
                key.space(),
                key.bytes());
    }

    /** Null when absent. */
    static Entry load(Session session, RecordKey key) throws SQLException {
        Item item = session.first(LOAD, row -> item(row, key.space(), true), key.space(), key.bytes());
        return item == null ? null : item.entry();
    }

    static Item item(ResultSet row, long space, boolean values) throws SQLException {
        byte[] key = row.getBytes(1);
        long size = row.getLong(3);
        Long payload = Session.nullableLong(row, 8);
        long checksum = row.getLong(9);
        var entry = new Entry(null, row.getString(7), row.getLong(2), row.getLong(4), row.getLong(5), row.getLong(6));
        if (Checksums.record(space, key, size, entry, payload, Checksums.valueOf(checksum)) != checksum) {
            throw new Damaged("a record");
        }
        return new Item(key, size, values ? entry.withValue(value(row, 10, size, payload, checksum)) : entry);
    }

    /** Reads the value of a row that has one. */
    static Value value(ResultSet row, int column, long size, Long payload, long checksum) throws SQLException {
        if (payload != null) {
            return new Value.Stored(payload, size);
        }
        byte[] found = row.getBytes(column);
        byte[] bytes = found == null ? EMPTY : found;
        if (bytes.length != size || Checksums.value(bytes) != Checksums.valueOf(checksum)) {
            throw new Damaged("a value");
        }
        return new Value.Inline(bytes);
    }

    private static void fill(Object[] values, RecordKey key, Entry entry, Placed placed) {
        values[0] = entry.version();
        values[1] = placed.size();
        values[2] = entry.createdAt();
        values[3] = entry.modifiedAt();
        values[4] = entry.expiresAt() == Entry.NEVER ? null : entry.expiresAt();
        values[5] = entry.contentType();
        values[6] = placed.payload();
        values[7] =
                Checksums.record(key.space(), key.bytes(), placed.size(), entry, placed.payload(), placed.checksum());
        values[8] = placed.inline();
        values[9] = key.space();
        values[10] = key.bytes();
    }

    /** What tells one state of a record from another. */
    record State(long version, long size, Long payload) {}

    /**
     * Where the bytes of a value are kept.
     *
     * @param inline null when a payload has them
     * @param checksum of what is inline, else 0
     */
    record Placed(Value value, long size, byte[] inline, Long payload, long checksum) {}
}
