// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.drey.ledger.Commit;
import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Commit.Step;
import io.drey.ledger.LedgerException.Unavailable;
import io.drey.ledger.LedgerException.Unknown;
import io.drey.ledger.Payloads;
import io.drey.model.Value;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * The values of one commit that came inline and are too large to stay so. They are uploaded before the commit takes
 * the turn, each once, and bound by it; what a refused commit leaves unbound is let go, or swept away in time.
 */
final class LargeValues {
    private final Payloads payloads;
    private final Map<byte[], Long> ids = new IdentityHashMap<>(0);

    LargeValues(Payloads payloads) {
        this.payloads = payloads;
    }

    /** Completes when all are there. A failure is certain: without the commit nothing is bound. */
    CompletionStage<Void> upload(Commit commit) {
        CompletionStage<Void> done = CompletableFuture.completedStage(null);
        for (RecordCommit record : commit.records()) {
            for (Step step : record.steps()) {
                if (step.change().entry() != null) {
                    done = add(done, step.change().entry().value());
                }
            }
            if (record.next() != null) {
                done = add(done, record.next().value());
            }
        }
        return done.handle((uploaded, failure) -> {
            if (failure != null) {
                Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                throw cause instanceof Unknown
                        ? new Unavailable("a large value could not be written", cause)
                        : Failures.meaning(cause, false);
            }
            return uploaded;
        });
    }

    /** Where the bytes of this value are to be. */
    Value placed(Value value) {
        if (!isLarge(value)) {
            return value;
        }
        return new Value.Stored(ids.get(((Value.Inline) value).bytes()), value.size());
    }

    /** Nothing of the commit happened. */
    void abandon() {
        ids.values().forEach(payloads::abandon);
    }

    /** Lets go of those that this share of the commit would have bound. */
    void abandon(RecordCommit record) {
        for (Step step : record.steps()) {
            if (step.change().entry() != null && isLarge(step.change().entry().value())) {
                payloads.abandon(ids.get(((Value.Inline) step.change().entry().value()).bytes()));
            }
        }
    }

    private CompletionStage<Void> add(CompletionStage<Void> before, Value value) {
        if (!isLarge(value)) {
            return before;
        }
        byte[] bytes = ((Value.Inline) value).bytes();
        return before.thenCompose(
                ready -> ids.containsKey(bytes) ? CompletableFuture.completedStage(null) : upload(bytes));
    }

    private CompletionStage<Void> upload(byte[] bytes) {
        return payloads.begin().thenCompose(id -> {
            ids.put(bytes, id);
            CompletionStage<Void> done = CompletableFuture.completedStage(null);
            int index = 0;
            for (int from = 0; from < bytes.length; from += Payloads.CHUNK_BYTES) {
                byte[] chunk = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + Payloads.CHUNK_BYTES));
                int at = index++;
                done = done.thenCompose(ready -> payloads.append(id, at, chunk));
            }
            return done;
        });
    }

    private static boolean isLarge(Value value) {
        return value instanceof Value.Inline inline && inline.bytes().length > Payloads.INLINE_BYTES_MAX;
    }
}
