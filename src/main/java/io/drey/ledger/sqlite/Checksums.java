// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.model.Entry;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * CRC-32C of rows. The checksum of a value is part of that of its row and is stored above it, so that metadata can be
 * checked without reading the value.
 */
final class Checksums {
    private static final long LOWER = 0xFFFF_FFFFL;

    private final CRC32C crc = new CRC32C();
    private final ByteBuffer numbers = ByteBuffer.allocate(16 * Long.BYTES);

    private Checksums() {}

    static long value(byte[] value) {
        if (value == null) {
            return 0;
        }
        var crc = new CRC32C();
        crc.update(value);
        return crc.getValue();
    }

    /** What a stored checksum says of the value. */
    static long valueOf(long checksum) {
        return checksum >>> 32;
    }

    static long record(long space, byte[] key, long size, Entry entry, Long payload, long valueChecksum) {
        return new Checksums()
                .add(space, entry.version(), size, entry.createdAt(), entry.modifiedAt(), entry.expiresAt())
                .add(payload == null ? 0 : payload, valueChecksum)
                .add(key)
                .add(entry.contentType())
                .over(valueChecksum);
    }

    static long log(LogRow row, long valueChecksum) {
        var entry = row.entry();
        return new Checksums()
                .add(entry.position(), entry.store(), row.space(), entry.kind().ordinal(), entry.time())
                .add(entry.previousVersion(), row.prior(), entry.size(), row.payload() == null ? 0 : row.payload())
                .add(row.operationId(), entry.records(), row.weight(), valueChecksum)
                .add(entry.key())
                .add(entry.operation())
                .add(entry.contentType())
                .add(entry.batch())
                .over(valueChecksum);
    }

    static long chunk(long id, byte[] bytes) {
        return new Checksums().add(id).add(bytes).crc();
    }

    private Checksums add(long... values) {
        numbers.clear();
        for (long value : values) {
            numbers.putLong(value);
        }
        crc.update(numbers.flip());
        return this;
    }

    /** Adds the length too, so that two neighbours cannot trade bytes unnoticed. */
    private Checksums add(byte[] bytes) {
        add(bytes == null ? -1L : bytes.length);
        if (bytes != null) {
            crc.update(bytes);
        }
        return this;
    }

    private Checksums add(String text) {
        return add(text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private long over(long valueChecksum) {
        return valueChecksum << 32 | crc.getValue() & LOWER;
    }

    private long crc() {
        return crc.getValue();
    }
}
