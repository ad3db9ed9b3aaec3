// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;

/**
 * A whole reply as bytes, for the answers that the ledger remembers. The first byte tells the format and differs from
 * those of remembered outcomes.
 */
final class RememberedReply {
    private static final int FORMAT = 100;

    private RememberedReply() {}

    static byte[] encode(Reply reply) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeShort(reply.status());
            out.writeUTF(reply.contentType() == null ? "" : reply.contentType());
            out.writeLong(reply.version());
            out.writeShort(reply.headers().size());
            for (var header : reply.headers().entrySet()) {
                out.writeUTF(header.getKey());
                out.writeUTF(header.getValue());
            }
            out.writeInt(reply.body() == null ? -1 : reply.body().length);
            if (reply.body() != null) {
                out.write(reply.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    static Reply decode(byte[] content) {
        try (var in = new DataInputStream(new ByteArrayInputStream(content))) {
            if (in.readByte() != FORMAT) {
                throw new IOException("an answer of an unknown format");
            }
            int status = in.readShort();
            var contentType = in.readUTF();
            long version = in.readLong();
            var headers = new LinkedHashMap<String, String>();
            for (int left = in.readShort(); left > 0; left--) {
                headers.put(in.readUTF(), in.readUTF());
            }
            int length = in.readInt();
            var body = length < 0 ? null : in.readNBytes(length);
            return new Reply(status, contentType.isEmpty() ? null : contentType, body, headers, version, true);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
