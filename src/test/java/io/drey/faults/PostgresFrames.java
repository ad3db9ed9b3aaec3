// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * The messages of one direction of a PostgreSQL connection, found in its bytes as they pass. Only the beginning of a
 * long message is kept. For one thread at a time.
 */
final class PostgresFrames {
    /** What the bytes of a message that are kept may be, enough for the name and the text of a statement. */
    private static final int KEPT_BYTES = 16 << 10;

    private static final int LENGTH_BYTES = 4;
    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;

    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();
    private boolean hasTypes;
    private char type;
    private boolean isTypeKnown;
    private int lengthBytes;
    private int length;
    private int missing;

    private PostgresFrames(boolean hasTypes) {
        this.hasTypes = hasTypes;
    }

    /** What a client sends: its first message has no type. */
    static PostgresFrames ofClient() {
        return new PostgresFrames(false);
    }

    static PostgresFrames ofServer() {
        return new PostgresFrames(true);
    }

    /** Takes one byte; whether a message ends with it, which can be asked for until the next byte. */
    boolean take(byte next) {
        if (hasTypes && !isTypeKnown) {
            begin((char) next);
            return false;
        }
        if (lengthBytes < LENGTH_BYTES) {
            if (!hasTypes && lengthBytes == 0) {
                begin('\0');
            }
            length = length << Byte.SIZE | next & 0xff;
            if (++lengthBytes < LENGTH_BYTES) {
                return false;
            }
            missing = length - LENGTH_BYTES;
        } else {
            missing--;
            if (kept.size() < KEPT_BYTES) {
                kept.write(next);
            }
        }
        if (missing > 0) {
            return false;
        }
        isTypeKnown = false;
        lengthBytes = 0;
        return true;
    }

    /** The type of the message that has just ended; 0 for the one that opens a connection. */
    char type() {
        return type;
    }

    /** Whether it asks for encryption, which is answered by one byte and followed by another opening message. */
    boolean asksForEncryption() {
        var body = kept.toByteArray();
        if (type != '\0' || body.length < LENGTH_BYTES) {
            return false;
        }
        int code = ByteBuffer.wrap(body).getInt();
        return code == SSL_REQUEST || code == GSS_REQUEST;
    }

    /** From now on each message has a type. */
    void opened() {
        hasTypes = true;
    }

    /** A text of the message, each ended by a zero; empty when there are fewer. */
    String text(int index) {
        var texts = new String(kept.toByteArray(), StandardCharsets.ISO_8859_1).split("\0", index + 2);
        return index < texts.length ? texts[index] : "";
    }

    private void begin(char newType) {
        type = newType;
        isTypeKnown = true;
        lengthBytes = 0;
        length = 0;
        kept.reset();
    }
}
