// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.vertx.core.buffer.Buffer;

/**
 * Failures between nodes. Whoever cannot read one knows nothing of what became of the command: see
 * {@link Failure.Kind#UNKNOWN}.
 */
final class FailureWire {
    private static final int FORMAT = 1;

    private FailureWire() {}

    static void write(Failure failure, Buffer to) {
        var out = new WireWriter(to);
        out.int8(FORMAT);
        out.int8(number(failure.kind()));
        out.text(failure.getMessage());
    }

    /** Reads the failure that goes from {@code position} to the end of the buffer, see {@link WireException}. */
    static Failure read(Buffer from, int position) {
        return WireReader.whole(from, position, in -> {
            in.format("a failure", FORMAT);
            return new Failure(kind(in.int8()), in.textOrNull());
        });
    }

    /** The numbers are part of the format: a new kind gets the next one, none is ever given twice. */
    private static int number(Failure.Kind kind) {
        return switch (kind) {
            case UNAVAILABLE -> 1;
            case FULL -> 2;
            case UNKNOWN -> 3;
            case SPACE_CLOSED -> 4;
            case ALREADY_ANSWERED -> 5;
            case MOVED -> 6;
        };
    }

    private static Failure.Kind kind(int number) {
        return switch (number) {
            case 1 -> Failure.Kind.UNAVAILABLE;
            case 2 -> Failure.Kind.FULL;
            case 3 -> Failure.Kind.UNKNOWN;
            case 4 -> Failure.Kind.SPACE_CLOSED;
            case 5 -> Failure.Kind.ALREADY_ANSWERED;
            case 6 -> Failure.Kind.MOVED;
            default -> throw new UnknownFormatException("a kind of failure", number);
        };
    }
}
