// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.drey.ledger.Payloads;
import io.drey.model.JsonChecker;
import io.drey.model.MalformedJsonException;
import io.drey.model.Value;
import io.drey.partition.LedgerFailures;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;
import java.util.concurrent.CompletionStage;

/**
 * A value on its way in: small ones stay in memory, larger ones are streamed to the ledger chunk by chunk, each waiting
 * for the one before. Checks JSON as it comes.
 */
public final class Upload implements Body.Sink {
    private final Context context;
    private final Payloads payloads;
    private final JsonChecker checker;
    private final MessageDigest digest;
    private Buffer buffer = Buffer.buffer();
    private long id;
    private int chunks;
    private long size;

    private Upload(Context context, Payloads payloads, JsonChecker checker, MessageDigest digest) {
        this.context = context;
        this.payloads = payloads;
        this.checker = checker;
        this.digest = digest;
    }

    /**
     * Receives the body of {@code exchange} as a value.
     *
     * @param json whether it must be JSON
     * @param digest fed with the bytes, null for none
     */
    public static Future<Value> receive(Exchange exchange, Services services, boolean json, MessageDigest digest) {
        var limits = services.limits();
        var checker = json ? new JsonChecker(limits.json().jsonDepthMax()) : null;
        var upload = new Upload(services.context(), services.ledger().payloads(), checker, digest);
        return exchange.stream(limits.recordBytes(), "The record", upload)
                .compose(v -> upload.value())
                .onFailure(failure -> upload.abandon());
    }

    @Override
    public Future<Void> take(Buffer piece) {
        var bytes = piece.getBytes();
        check(bytes);
        if (digest != null) {
            digest.update(bytes);
        }
        size += bytes.length;
        buffer.appendBytes(bytes);
        boolean large = id != 0 || buffer.length() > Payloads.INLINE_BYTES_MAX;
        return large && buffer.length() >= Payloads.CHUNK_BYTES ? flush(false) : null;
    }

    private void check(byte[] bytes) {
        if (checker == null) {
            return;
        }
        try {
            checker.feed(bytes, 0, bytes.length);
        } catch (MalformedJsonException e) {
            throw malformed(e);
        }
    }

    @Override
    public void end() {
        if (checker == null) {
            return;
        }
        try {
            checker.end();
        } catch (MalformedJsonException e) {
            throw malformed(e);
        }
    }

    private static ProblemException malformed(MalformedJsonException e) {
        return Problem.malformed("The body is not JSON: " + e.getMessage() + ".")
                .with("offset", e.offset())
                .exception();
    }

    private Future<Value> value() {
        if (id == 0 && buffer.length() <= Payloads.INLINE_BYTES_MAX) {
            return Future.succeededFuture(new Value.Inline(buffer.getBytes()));
        }
        return flush(true).map(v -> new Value.Stored(id, size));
    }

    /** Writes full chunks, and the rest too when it is the last. */
    private Future<Void> flush(boolean last) {
        if (id == 0) {
            return await(payloads.begin()).compose(begun -> {
                id = begun;
                return flush(last);
            });
        }
        boolean full = buffer.length() >= Payloads.CHUNK_BYTES;
        if (!full && (!last || buffer.length() == 0)) {
            return Future.succeededFuture();
        }
        int length = Math.min(buffer.length(), Payloads.CHUNK_BYTES);
        var chunk = buffer.getBytes(0, length);
        buffer = buffer.getBuffer(length, buffer.length());
        return await(payloads.append(id, chunks++, chunk)).compose(v -> flush(last));
    }

    private void abandon() {
        if (id != 0) {
            payloads.abandon(id);
        }
    }

    private <T> Future<T> await(CompletionStage<T> stage) {
        return LedgerFailures.future(context, stage);
    }
}
