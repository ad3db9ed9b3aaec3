// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.ChangeLog.LogEntry;
import io.drey.ledger.sqlite.RecordRows.State;
import io.drey.ledger.sqlite.Tombstones.Tombstone;
import io.drey.model.RecordKey;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Follows one key back in time: through its chain in the current space, then, past each clear that took it away,
 * through those of the spaces before. Ends where the log has been trimmed.
 */
final class HistoryReader {
    private static final String SPACES =
            "select space, cleared_at from space where store = ? and state < 3" + " and space <= ? order by space desc";

    private final Session session;
    private final long store;
    private final byte[] key;
    private final long before;
    private final int limit;
    private final List<LogEntry> found = new ArrayList<>();

    HistoryReader(Session session, long store, byte[] key, long before, int limit) {
        this.session = session;
        this.store = store;
        this.key = key;
        this.before = before;
        this.limit = limit;
    }

    List<LogEntry> read() throws SQLException {
        // A page that follows another begins at the row where that one ended, without the way there.
        LogRow row = LogRows.at(session, before);
        long space = Long.MAX_VALUE;
        if (row != null && row.entry().store() == store) {
            if (row.entry().kind() == Kind.STORE_CLEARED) {
                return readSpaces(row.space(), true);
            }
            if (Arrays.equals(row.entry().key(), key)) {
                if (!readChain(row.prior())) {
                    return found;
                }
                space = row.space() - 1;
            }
        }
        return readSpaces(space, false);
    }

    /** {@code clearKnown}: the clear of the first space was told by the page before. */
    private List<LogEntry> readSpaces(long from, boolean clearKnown) throws SQLException {
        var spaces = session.all(SPACES, row -> new Space(row.getLong(1), Session.nullableLong(row, 2)), store, from);
        boolean isTold = clearKnown;
        for (Space space : spaces) {
            if (!readSpace(space, isTold)) {
                break;
            }
            isTold = false;
        }
        return found;
    }

    /** Answers whether to go on to the space before. */
    private boolean readSpace(Space space, boolean clearTold) throws SQLException {
        State state = RecordRows.state(session, new RecordKey(space.number(), key));
        Tombstone tombstone = state == null ? Tombstones.find(session, space.number(), key) : null;
        boolean wasAlive = state != null || tombstone != null && tombstone.alive();
        if (space.clearedAt() != null && wasAlive && !clearTold) {
            LogRow clear = LogRows.at(session, space.clearedAt());
            if (clear == null || !add(clear.entry())) {
                return false;
            }
        }
        if (state != null) {
            return readChain(state.version());
        }
        return tombstone == null || readChain(tombstone.position());
    }

    /** Answers whether it was read to its beginning. */
    private boolean readChain(long newest) throws SQLException {
        for (long position = newest; position != 0; ) {
            LogRow row = LogRows.at(session, position);
            if (row == null || !add(row.entry())) {
                return false;
            }
            position = row.prior();
        }
        return true;
    }

    /** Answers whether there is room for more. */
    private boolean add(LogEntry entry) {
        if (entry.position() < before && found.size() < limit) {
            found.add(entry);
        }
        return found.size() < limit;
    }

    private record Space(long number, Long clearedAt) {}
}
