// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The format of RFC 1952: one or more members, each with a header, deflated data, and a trailer that is checked. */
final class GzipDecoding implements Decoding {
    private static final int HEADER_CHECKSUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private final Inflater inflater = new Inflater(true);
    private final CRC32 checksum = new CRC32();
    private final byte[] plain = new byte[RequestDecoder.PIECE_BYTES_MAX];

    private Part part = Part.FIXED_HEADER;

    /** How many bytes of the present part were read. */
    private int read;

    /** The number that the bytes of the present part make, lowest byte first. */
    private long number;

    private int flags;
    private long plainLength;
    private boolean hadMember;

    @Override
    public void feed(byte[] bytes, int offset, int length, Sink sink) {
        int position = offset;
        int end = offset + length;
        while (position < end) {
            if (part == Part.DATA) {
                position = inflate(bytes, position, end, sink);
            } else {
                step(bytes[position++] & 0xFF);
            }
        }
    }

    @Override
    public void end(Sink sink) {
        if (!hadMember || part != Part.FIXED_HEADER || read != 0) {
            throw malformed();
        }
    }

    @Override
    public void close() {
        inflater.end();
    }

    /** Hands over what the bytes inflate to, and gives back the position of the first byte that was not used. */
    private int inflate(byte[] bytes, int position, int end, Sink sink) {
        inflater.setInput(bytes, position, end - position);
        try {
            while (true) {
                int length = inflater.inflate(plain);
                checksum.update(plain, 0, length);
                plainLength += length;
                if (length > 0) {
                    sink.accept(plain, 0, length);
                }
                if (inflater.finished()) {
                    enter(Part.TRAILER);
                    return end - inflater.getRemaining();
                }
                if (length == 0) {
                    if (inflater.needsInput() && !inflater.needsDictionary()) {
                        return end;
                    }
                    throw malformed();
                }
            }
        } catch (DataFormatException damaged) {
            throw malformed();
        }
    }

    /** Takes one byte outside of the deflated data. */
    private void step(int value) {
        switch (part) {
            case FIXED_HEADER -> fixedHeader(value);
            case EXTRA_LENGTH -> {
                if (collect(value, 2)) {
                    int length = (int) number;
                    enter(length == 0 ? Part.NAME : Part.EXTRA);
                    // Counts down in EXTRA.
                    number = length;
                }
            }
            case EXTRA -> {
                if (--number == 0) {
                    enter(Part.NAME);
                }
            }
            case NAME, COMMENT -> {
                if (value == 0) {
                    enter(part == Part.NAME ? Part.COMMENT : Part.HEADER_CHECKSUM);
                }
            }
            case HEADER_CHECKSUM -> {
                if (collect(value, 2)) {
                    enter(Part.DATA);
                }
            }
            case TRAILER -> trailer(value);
            case DATA -> throw new IllegalStateException("deflated data is not read byte by byte");
        }
    }

    private void fixedHeader(int value) {
        boolean fits =
                switch (read++) {
                    case 0 -> value == 0x1F;
                    case 1 -> value == 0x8B;
                    case 2 -> value == 8;
                    case 3 -> (value & RESERVED) == 0;
                    default -> true;
                };
        if (!fits) {
            throw malformed();
        }
        if (read == 4) {
            flags = value;
        }
        if (read == 10) {
            enter(Part.EXTRA_LENGTH);
        }
    }

    private void trailer(int value) {
        if (!collect(value, 8)) {
            return;
        }
        if (number != (checksum.getValue() | plainLength << 32)) {
            throw malformed();
        }
        hadMember = true;
        inflater.reset();
        checksum.reset();
        plainLength = 0;
        enter(Part.FIXED_HEADER);
    }

    private boolean collect(int value, int length) {
        number |= (long) value << (8 * read);
        return ++read == length;
    }

    /** Goes to this part, or to the next one that the flags of the header announce. */
    private void enter(Part next) {
        read = 0;
        number = 0;
        part = next;
        if (part == Part.EXTRA_LENGTH && (flags & EXTRA) == 0) {
            part = Part.NAME;
        }
        if (part == Part.NAME && (flags & NAME) == 0) {
            part = Part.COMMENT;
        }
        if (part == Part.COMMENT && (flags & COMMENT) == 0) {
            part = Part.HEADER_CHECKSUM;
        }
        if (part == Part.HEADER_CHECKSUM && (flags & HEADER_CHECKSUM) == 0) {
            part = Part.DATA;
        }
    }

    private static ProblemException malformed() {
        return RequestDecoder.malformed("gzip");
    }

    private enum Part {
        FIXED_HEADER,
        EXTRA_LENGTH,
        EXTRA,
        NAME,
        COMMENT,
        HEADER_CHECKSUM,
        DATA,
        TRAILER
    }
}
