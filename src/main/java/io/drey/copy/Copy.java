// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.copy;

import io.drey.ledger.LedgerException.Unusable;
import io.drey.ledger.tables.Table;
import io.drey.ledger.tables.TableSource;
import io.drey.ledger.tables.TableTarget;
import java.util.EnumMap;
import java.util.Map;

/** Takes every row from one ledger to another, reads them back, compares, and only then lets them stand. */
final class Copy {
    private final TableSource source;
    private final TableTarget target;
    private final Progress progress;
    private final Map<Table, Digest> digests = new EnumMap<>(Table.class);

    Copy(TableSource source, TableTarget target, Progress progress) {
        this.source = source;
        this.target = target;
        this.progress = progress;
    }

    /**
     * Copies. Blocks, for as long as it takes to read the source once, to write it once and to read that again.
     *
     * @throws Unusable when one of the two cannot go on or they differ; the target is then as it was
     */
    void run() {
        for (Table table : Table.values()) {
            copy(table);
        }
        target.raise(source.floors());
        for (Table table : Table.values()) {
            compare(table);
        }
        source.confirm();
        target.finish();
    }

    long rows(Table table) {
        return digests.get(table).rows();
    }

    long rows() {
        return digests.values().stream().mapToLong(Digest::rows).sum();
    }

    long bytes() {
        return digests.values().stream().mapToLong(Digest::bytes).sum();
    }

    private void copy(Table table) {
        var digest = new Digest();
        source.each(table, row -> {
            digest.row(row);
            target.write(table, row);
            progress.at("copying", table, digest.rows());
        });
        digests.put(table, digest);
    }

    private void compare(Table table) {
        var arrived = new Digest();
        target.each(table, row -> {
            arrived.row(row);
            progress.at("comparing", table, arrived.rows());
        });
        var sent = digests.get(table);
        if (!arrived.isSame(sent)) {
            throw new Unusable(
                    "the copy of " + table.label() + " is not the same: " + sent.rows() + " rows were read and "
                            + arrived.rows() + " arrived"
                            + (sent.rows() == arrived.rows() ? ", with other content" : ""),
                    null);
        }
    }
}
