// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Commit;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.CommitResult;
import io.drey.ledger.CommitResult.AlreadyAnswered;
import io.drey.ledger.CommitResult.Committed;
import io.drey.ledger.CommitResult.OverQuota;
import io.drey.ledger.CommitResult.PayloadGone;
import io.drey.ledger.CommitResult.SpaceClosed;
import io.drey.ledger.CommitResult.Stale;
import io.drey.ledger.CommitResult.Together;
import io.drey.ledger.CommitResult.Verdict;
import io.vertx.sqlclient.Row;
import java.util.ArrayList;
import java.util.List;

/** Reads what {@code drey.commit_records} answers. */
final class Verdicts {
    private Verdicts() {}

    static CommitResult read(Row row, Commit commit, LargeValues large) {
        Integer[] codes = row.getArrayOfIntegers("codes");
        Long[] firsts = row.getArrayOfLongs("firsts");
        Long[] limits = row.getArrayOfLongs("limits");
        Long[] actuals = row.getArrayOfLongs("actuals");
        var verdicts = new ArrayList<Verdict>(codes.length);
        for (int i = 0; i < codes.length; i++) {
            RecordCommit record = commit.records().get(i);
            if (codes[i] == 0) {
                verdicts.add(new Committed(
                        firsts[i],
                        record.next() == null
                                ? null
                                : large.placed(record.next().value())));
            } else {
                verdicts.add(refusal(codes[i], limits[i], actuals[i]));
                large.abandon(record);
            }
        }
        Boolean[] kept = row.getArrayOfBooleans("kept");
        return new CommitResult(verdicts, List.of(kept));
    }

    private static Verdict refusal(int code, Long limit, Long actual) {
        return switch (code) {
            case 1 -> new Stale();
            case 2 -> new SpaceClosed();
            case 3 -> new AlreadyAnswered();
            case 4 -> new PayloadGone();
            case 5 -> new OverQuota("records", limit, actual);
            case 6 -> new OverQuota("bytes", limit, actual);
            case 7 -> new Together();
            default -> throw new IllegalStateException("the database answered a verdict that is unknown: " + code);
        };
    }
}
