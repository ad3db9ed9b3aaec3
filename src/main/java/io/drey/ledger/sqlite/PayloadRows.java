// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.LedgerException;
import io.drey.ledger.Payloads;
import java.sql.SQLException;
import java.util.Arrays;

/** Rows of large values and their chunks; a count of references tells when they may go. */
final class PayloadRows {
    private static final int INDEX_BITS = 20;
    private static final int CHUNKS_AT_ONCE = 64;
    private static final long GRACE_MILLIS = 3_600_000;

    private static final String INSERT =
            "insert into payload (size, chunks, touched_at, bound, refs) values (0, 0, ?, 0, 0)";
    private static final String GROW = "update payload set size = size + ?, chunks = chunks + 1, touched_at = ?"
            + " where id = ? and bound = 0 and chunks = ? and size >= 0";
    private static final String INSERT_CHUNK = "insert into chunk (id, checksum, bytes) values (?, ?, ?)";
    private static final String READ_CHUNK = "select checksum, bytes from chunk where id = ?";
    private static final String HAS_SIZE = "select 1 from payload where id = ? and size = ?";
    private static final String REFER = "update payload set bound = 1, refs = refs + ?1,"
            + " unreferenced_at = case when refs + ?1 > 0 then null else ?2 end where id = ?3";
    private static final String DELETE_UNBOUND = "update payload set touched_at = 0 where id = ? and bound = 0";
    private static final String SWEEPABLE = "select id, chunks from payload where bound = 0 and touched_at <= ?1"
            + " union all select id, chunks from payload where unreferenced_at <= ?1 limit 1";
    private static final String DELETE_CHUNKS = "delete from chunk where id >= ? and id < ?";
    /** Without its size nothing can bind it any more. */
    private static final String SHRINK = "update payload set chunks = ?, size = -1 where id = ?";

    private static final String DELETE = "delete from payload where id = ?";

    private PayloadRows() {}

    static long begin(Turn turn) throws SQLException {
        turn.session().update(INSERT, turn.now());
        return turn.session().insertedId();
    }

    static void append(Turn turn, long id, int index, byte[] bytes) throws SQLException {
        if (turn.session().update(GROW, bytes.length, turn.now(), id, index) == 0) {
            throw new LedgerException.Unavailable("the upload was swept away or its chunks are out of order", null);
        }
        long chunk = chunk(id, index);
        turn.session().update(INSERT_CHUNK, chunk, Checksums.chunk(chunk, bytes), bytes);
    }

    /** Keeps a whole value that came in memory. */
    static long write(Turn turn, byte[] value) throws SQLException {
        long id = begin(turn);
        int index = 0;
        for (int from = 0; from < value.length; from += Payloads.CHUNK_BYTES) {
            int to = Math.min(value.length, from + Payloads.CHUNK_BYTES);
            append(turn, id, index++, Arrays.copyOfRange(value, from, to));
        }
        return id;
    }

    static byte[] read(Session session, long id, int index) throws SQLException {
        long chunk = chunk(id, index);
        byte[] found = session.first(
                READ_CHUNK,
                row -> {
                    byte[] bytes = row.getBytes(2);
                    if (bytes == null || Checksums.chunk(chunk, bytes) != row.getLong(1)) {
                        throw new Damaged("a chunk of a large value");
                    }
                    return bytes;
                },
                chunk);
        if (found == null) {
            throw new LedgerException.Unavailable("this part of the value is not there", null);
        }
        return found;
    }

    static boolean hasSize(Session session, long id, long size) throws SQLException {
        return session.number(HAS_SIZE, 0, id, size) == 1;
    }

    /** Binds the payload and changes how many name it. */
    static void refer(Turn turn, long id, long change) throws SQLException {
        turn.session().update(REFER, change, turn.now(), id);
    }

    static void abandon(Session session, long id) throws SQLException {
        session.update(DELETE_UNBOUND, id);
    }

    /** Removes some chunks of one payload that may go; see {@link Swept}. */
    static Swept sweep(Turn turn) throws SQLException {
        var session = turn.session();
        var next =
                session.first(SWEEPABLE, row -> new long[] {row.getLong(1), row.getLong(2)}, turn.now() - GRACE_MILLIS);
        if (next == null) {
            return Swept.NOTHING;
        }
        long id = next[0];
        int left = (int) Math.max(0, next[1] - CHUNKS_AT_ONCE);
        session.update(DELETE_CHUNKS, chunk(id, left), chunk(id + 1, 0));
        if (left > 0) {
            session.update(SHRINK, left, id);
            return Swept.PART;
        }
        session.update(DELETE, id);
        return Swept.WHOLE;
    }

    private static long chunk(long id, int index) {
        return id << INDEX_BITS | index;
    }

    /** What one step of a sweep removed. */
    enum Swept {
        NOTHING,
        PART,
        WHOLE
    }
}
