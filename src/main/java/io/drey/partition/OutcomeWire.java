// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Outcome;
import io.drey.model.Outcome.Detail;
import io.vertx.core.buffer.Buffer;

/**
 * Outcomes between nodes, with the versions in them. {@link OutcomeCodec} is another format: it serves answers that are
 * kept, whose versions stand beside them.
 */
final class OutcomeWire {
    private static final int FORMAT = 1;

    private static final int DONE = 1;
    private static final int NOT_FOUND = 2;
    private static final int PRECONDITION_FAILED = 3;
    private static final int WRONG_TYPE = 4;
    private static final int PATCH_FAILED = 5;
    private static final int TOO_LARGE = 6;
    private static final int OUT_OF_BOUNDS = 7;

    private static final int NOTHING = 0;
    private static final int APPLIED = 1;
    private static final int POPPED = 2;
    private static final int REMOVED = 3;

    private OutcomeWire() {}

    static void write(Outcome outcome, Buffer to) {
        write(outcome, new WireWriter(to));
    }

    /** Reads the outcome that goes from {@code position} to the end of the buffer, see {@link WireException}. */
    static Outcome read(Buffer from, int position) {
        return WireReader.whole(from, position, OutcomeWire::read);
    }

    /** As above, for a message that holds more than one outcome. */
    static void write(Outcome outcome, WireWriter out) {
        out.int8(FORMAT);
        if (outcome instanceof Outcome.Done done) {
            out.int8(DONE);
            writeDone(done, out);
        } else if (outcome instanceof Outcome.NotFound) {
            out.int8(NOT_FOUND);
        } else if (outcome instanceof Outcome.PreconditionFailed failed) {
            out.int8(PRECONDITION_FAILED);
            out.flag(failed.version() != null);
            if (failed.version() != null) {
                out.int64(failed.version());
            }
        } else if (outcome instanceof Outcome.WrongType type) {
            out.int8(WRONG_TYPE);
            out.text(type.found());
            out.text(type.expected());
        } else if (outcome instanceof Outcome.PatchFailed patch) {
            out.int8(PATCH_FAILED);
            out.text(patch.detail());
        } else if (outcome instanceof Outcome.TooLarge large) {
            out.int8(TOO_LARGE);
            out.text(large.what());
            out.int64(large.limit());
            out.int64(large.actual());
        } else if (outcome instanceof Outcome.OutOfBounds bounds) {
            out.int8(OUT_OF_BOUNDS);
            out.text(bounds.detail());
        } else {
            throw new IllegalArgumentException("no form on the wire for " + outcome);
        }
    }

    static Outcome read(WireReader in) {
        in.format("an outcome", FORMAT);
        int number = in.int8();
        return switch (number) {
            case DONE -> new Outcome.Done(EntryWire.readNullable(in), in.flag(), in.flag(), readDetail(in));
            case NOT_FOUND -> new Outcome.NotFound();
            case PRECONDITION_FAILED -> new Outcome.PreconditionFailed(in.flag() ? (Long) in.int64() : null);
            case WRONG_TYPE -> new Outcome.WrongType(in.text(), in.textOrNull());
            case PATCH_FAILED -> new Outcome.PatchFailed(in.text());
            case TOO_LARGE -> new Outcome.TooLarge(in.text(), in.int64(), in.int64());
            case OUT_OF_BOUNDS -> new Outcome.OutOfBounds(in.text());
            default -> throw new UnknownFormatException("an outcome", number);
        };
    }

    private static void writeDone(Outcome.Done done, WireWriter out) {
        EntryWire.writeNullable(done.entry(), out);
        out.flag(done.created());
        out.flag(done.changed());
        if (done.detail() instanceof Detail.Nothing) {
            out.int8(NOTHING);
        } else if (done.detail() instanceof Detail.Applied applied) {
            out.int8(APPLIED);
            out.flag(applied.applied());
        } else if (done.detail() instanceof Detail.Popped popped) {
            out.int8(POPPED);
            out.json(popped.element());
        } else if (done.detail() instanceof Detail.Removed removed) {
            out.int8(REMOVED);
            EntryWire.writeNullable(removed.entry(), out);
        } else {
            throw new IllegalArgumentException("no form on the wire for " + done.detail());
        }
    }

    private static Detail readDetail(WireReader in) {
        int number = in.int8();
        return switch (number) {
            case NOTHING -> Detail.NONE;
            case APPLIED -> new Detail.Applied(in.flag());
            case POPPED -> new Detail.Popped(in.json());
            case REMOVED -> new Detail.Removed(EntryWire.readNullable(in));
            default -> throw new UnknownFormatException("a detail of an outcome", number);
        };
    }
}
