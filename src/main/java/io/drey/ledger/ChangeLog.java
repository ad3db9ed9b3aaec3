// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import io.drey.model.Value;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/** What happened, in commit order. Positions only grow; those of records are their versions. */
public interface ChangeLog {
    /** What a log entry tells of. */
    enum Kind {
        CREATED,
        UPDATED,
        DELETED,
        EXPIRED,
        STORE_CREATED,
        STORE_UPDATED,
        STORE_DELETED,
        STORE_CLEARED
    }

    /** The changes of one key of a store, newest first, at versions below {@code before}; emptying included. */
    CompletionStage<List<LogEntry>> history(long store, byte[] key, long before, int limit);

    /** The change that gave the key this version, null when the log has none or no longer. */
    CompletionStage<LogEntry> find(long store, byte[] key, long version);

    /** Up to {@code limit} entries after {@code position}, of one store or, with 0, of all, oldest first. */
    CompletionStage<List<LogEntry>> read(long store, long position, int limit, boolean values);

    /**
     * Where the changes that these operations made stand in the log, by operation id; of those that made none, or one
     * at or before {@code after}, nothing. Costs what was logged since then. Fails with
     * {@link LedgerException.Unknown} when an operation is not found and the log no longer has all of that.
     */
    CompletionStage<Map<Long, Long>> positions(Collection<Long> operationIds, long after);

    /** The first position that is kept and the last that was given. */
    CompletionStage<Range> range();

    /**
     * Removes a bounded share of the entries that are older than {@code before} (milliseconds) or beyond
     * {@code bytesMax} of what follows them; answers how many. The last entry always stays.
     */
    CompletionStage<Integer> trim(long before, long bytesMax);

    record Range(long first, long last) {}

    /**
     * One change.
     *
     * @param key null for a store's own
     * @param previousVersion what readers saw before, 0 when absent
     * @param size bytes of the value, -1 for a deletion
     * @param contentType null for a deletion
     * @param value null for a deletion, and where values were not asked for
     * @param batch of the atomic batch it belongs to, else null
     * @param records how many an emptying removed, else 0
     */
    record LogEntry(
            long position,
            long store,
            byte[] key,
            Kind kind,
            String operation,
            long time,
            long previousVersion,
            long size,
            String contentType,
            Value value,
            String batch,
            long records) {}
}
