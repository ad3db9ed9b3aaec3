// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.ByteRange;
import io.drey.http.ContentCoding;
import io.drey.http.Exchange;
import io.drey.http.HttpDate;
import io.drey.http.Problem;
import io.drey.http.ReadConditions;
import io.drey.http.ReadDecision;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.model.Entry;
import io.drey.model.MediaType;
import io.drey.model.Value;
import io.vertx.core.Future;

/** Sends a record's bytes: whole, in part, or only what changed about them (RFC 9110, 13 and 14). */
final class RecordReply {
    private final Services services;

    RecordReply(Services services) {
        this.services = services;
    }

    Future<Reply> send(Exchange exchange, Entry entry) {
        var conditions = ReadConditions.of(exchange.request().headers(), exchange.isHead());
        long size = entry.value().size();
        var decision = conditions.evaluate(entry.version(), entry.modifiedAt(), size);
        if (decision instanceof ReadDecision.Failed) {
            throw Problem.preconditionFailed(entry.version()).exception();
        }
        if (decision instanceof ReadDecision.Unsatisfiable) {
            throw Problem.rangeNotSatisfiable(size).exception();
        }
        var response = exchange.response();
        var headers = response.headers();
        headers.set("Last-Modified", HttpDate.format(entry.modifiedAt()));
        headers.set("Accept-Ranges", "bytes");
        headers.set("X-Content-Type-Options", "nosniff");
        if (entry.expiresAt() != Entry.NEVER) {
            headers.set("Record-TTL", secondsLeft(entry));
        }
        if (decision instanceof ReadDecision.NotModified) {
            var coding = exchange.coding(entry.contentType(), size);
            response.setStatusCode(304).putHeader("ETag", Exchange.etag(entry.version(), coding));
            return response.end().map(Reply.SENT);
        }
        headers.set("Content-Type", entry.contentType());
        if (MediaType.isActive(entry.contentType())) {
            headers.set("Content-Security-Policy", "sandbox");
        }
        if (decision instanceof ReadDecision.Partial partial) {
            response.setStatusCode(206);
            headers.set("Content-Range", partial.range().contentRange(size));
            headers.set("ETag", Exchange.etag(entry.version(), ContentCoding.IDENTITY));
            return body(exchange, entry, partial.range(), ContentCoding.IDENTITY);
        }
        var coding = exchange.coding(entry.contentType(), size);
        headers.set("ETag", Exchange.etag(entry.version(), coding));
        return body(exchange, entry, size == 0 ? null : new ByteRange(0, size - 1), coding);
    }

    /** Never rounded up, so that nobody counts on a record that is gone. */
    private String secondsLeft(Entry entry) {
        long millis = Math.max(0, entry.expiresAt() - services.ledger().now());
        if (millis % 1000 == 0) {
            return Long.toString(millis / 1000);
        }
        var decimals = String.format("%03d", millis % 1000).replaceAll("0+$", "");
        return millis / 1000 + "." + decimals;
    }

    /** {@code range} null for no bytes at all. */
    private Future<Reply> body(Exchange exchange, Entry entry, ByteRange range, ContentCoding coding) {
        var response = exchange.response();
        if (coding != ContentCoding.IDENTITY) {
            response.putHeader("Content-Encoding", coding.token());
        } else {
            response.putHeader("Content-Length", Long.toString(range == null ? 0 : range.length()));
        }
        if (exchange.isHead() || range == null) {
            return response.end().map(Reply.SENT);
        }
        if (entry.value() instanceof Value.Stored stored) {
            return new PayloadStream(exchange, services, stored, range, coding).send();
        }
        var bytes = ((Value.Inline) entry.value()).bytes();
        if (coding != ContentCoding.IDENTITY) {
            return response.end(Exchange.buffer(coding.encode(bytes))).map(Reply.SENT);
        }
        var whole = Exchange.buffer(bytes);
        var part = range.length() == bytes.length ? whole : whole.slice((int) range.first(), (int) range.last() + 1);
        return response.end(part).map(Reply.SENT);
    }
}
