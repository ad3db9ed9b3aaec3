// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.ByteRange;
import io.drey.http.ContentCoding;
import io.drey.http.Exchange;
import io.drey.http.Idempotent;
import io.drey.http.Reply;
import io.drey.http.ResponseEncoder;
import io.drey.http.Services;
import io.drey.ledger.Payloads;
import io.drey.model.Value;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Arrays;

/** Sends a large value, or a range of it, chunk by chunk, at the pace of the reader. */
final class PayloadStream {
    private final Exchange exchange;
    private final Services services;
    private final Value.Stored stored;
    private final ByteRange range;
    private final ResponseEncoder encoder;
    private final Promise<Reply> sent = Promise.promise();

    PayloadStream(Exchange exchange, Services services, Value.Stored stored, ByteRange range, ContentCoding coding) {
        this.exchange = exchange;
        this.services = services;
        this.stored = stored;
        this.range = range;
        this.encoder = coding == ContentCoding.IDENTITY ? null : coding.encoder();
    }

    Future<Reply> send() {
        exchange.response().setChunked(encoder != null);
        exchange.response().exceptionHandler(e -> finish());
        next((int) (range.first() / Payloads.CHUNK_BYTES));
        return sent.future();
    }

    private void next(int index) {
        if (exchange.response().closed()) {
            finish();
            return;
        }
        long begin = (long) index * Payloads.CHUNK_BYTES;
        if (begin > range.last()) {
            end();
            return;
        }
        Idempotent.await(services, services.ledger().payloads().read(stored.id(), index))
                .compose(chunk -> coded(part(chunk, begin)))
                .compose(bytes -> exchange.write(Exchange.buffer(bytes)))
                .onSuccess(v -> next(index + 1))
                .onFailure(this::fail);
    }

    private void fail(Throwable failure) {
        var response = exchange.response();
        if (response.headWritten()) {
            exchange.breakOff();
            finish();
            return;
        }
        response.headers().clear();
        sent.tryFail(failure);
        finish();
    }

    private byte[] part(byte[] chunk, long begin) {
        int from = (int) Math.max(0, range.first() - begin);
        int to = (int) Math.min(chunk.length, range.last() + 1 - begin);
        return from == 0 && to == chunk.length ? chunk : Arrays.copyOfRange(chunk, from, to);
    }

    private Future<byte[]> coded(byte[] plain) {
        return encoder == null
                ? Future.succeededFuture(plain)
                : services.context().executeBlocking(() -> encoder.update(plain), false);
    }

    private void end() {
        var rest = encoder == null ? null : encoder.finish();
        var ended = rest == null || rest.length == 0
                ? exchange.response().end()
                : exchange.response().end(Exchange.buffer(rest));
        ended.onComplete(v -> finish());
    }

    private void finish() {
        if (encoder != null) {
            encoder.close();
        }
        sent.tryComplete(Reply.SENT);
    }
}
