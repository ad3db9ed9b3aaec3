// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.model.Entry;
import io.drey.model.Json;
import io.drey.model.MalformedJsonException;
import io.drey.model.Operation;
import io.drey.model.Outcome;
import io.drey.model.Outcome.Detail;
import io.drey.model.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Outcomes as bytes, for the answers that the ledger remembers. The version is not in them: it is known only when the
 * change is committed, and the ledger keeps it beside them. The first byte is the version of this format, which is a
 * contract between releases.
 */
public final class OutcomeCodec {
    private static final int FORMAT = 1;
    private static final int FORMAT_BATCH = 2;
    private static final int FORMAT_REFUSAL = 3;
    private static final int JSON_DEPTH_MAX = Integer.MAX_VALUE;

    private OutcomeCodec() {}

    /** An answer to a change; only such outcomes are committed with their change. */
    static byte[] encode(Operation operation, Outcome outcome) {
        return bytes(out -> {
            out.writeByte(FORMAT);
            writeDone(out, operation.kind() != Operation.Kind.PUT, (Outcome.Done) outcome);
        });
    }

    /** An outcome without a change, refusals included. */
    public static byte[] encode(Outcome outcome) {
        return bytes(out -> {
            if (outcome instanceof Outcome.Done done) {
                out.writeByte(FORMAT);
                writeDone(out, true, done);
            } else {
                out.writeByte(FORMAT_REFUSAL);
                writeRefusal(out, outcome);
            }
        });
    }

    static byte[] encodeAll(List<Command> commands, List<BatchRun.RelativeOutcome> outcomes) {
        return bytes(out -> {
            out.writeByte(FORMAT_BATCH);
            out.writeInt(outcomes.size());
            for (int i = 0; i < outcomes.size(); i++) {
                var relative = outcomes.get(i);
                out.writeLong(relative.version());
                out.writeBoolean(relative.relative());
                boolean found = relative.outcome() instanceof Outcome.Done;
                out.writeBoolean(found);
                if (found) {
                    boolean withValue = commands.get(i).operation().kind() != Operation.Kind.PUT;
                    writeDone(out, withValue, (Outcome.Done) relative.outcome());
                }
            }
        });
    }

    /** Whether the bytes are outcomes, and not a whole reply that a dialect remembered. */
    public static boolean isOutcome(byte[] content) {
        return content[0] == FORMAT || content[0] == FORMAT_BATCH || content[0] == FORMAT_REFUSAL;
    }

    /** The outcome of one operation, or those of an atomic batch; {@code version} as the ledger kept it. */
    public static List<Outcome> decode(byte[] content, long version) {
        try (var in = new DataInputStream(new ByteArrayInputStream(content))) {
            return switch (in.readByte()) {
                case FORMAT -> List.of(readDone(in).at(version));
                case FORMAT_BATCH -> readBatch(in, version);
                case FORMAT_REFUSAL -> List.of(readRefusal(in));
                default -> throw new IOException("an outcome of an unknown format");
            };
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Outcome> readBatch(DataInputStream in, long version) throws IOException {
        int count = in.readInt();
        var outcomes = new ArrayList<Outcome>(count);
        for (int i = 0; i < count; i++) {
            long number = in.readLong();
            boolean relative = in.readBoolean();
            var outcome = in.readBoolean() ? readDone(in) : new Outcome.NotFound();
            outcomes.add(outcome.at(relative ? version + number : number));
        }
        return outcomes;
    }

    private static void writeRefusal(DataOutputStream out, Outcome outcome) throws IOException {
        if (outcome instanceof Outcome.PreconditionFailed failed) {
            out.writeByte(1);
            out.writeLong(failed.version() == null ? Entry.PENDING : failed.version());
        } else if (outcome instanceof Outcome.WrongType type) {
            out.writeByte(2);
            out.writeUTF(type.found());
            out.writeUTF(type.expected() == null ? "" : type.expected());
        } else if (outcome instanceof Outcome.PatchFailed patch) {
            out.writeByte(3);
            out.writeUTF(patch.detail());
        } else if (outcome instanceof Outcome.TooLarge large) {
            out.writeByte(4);
            out.writeUTF(large.what());
            out.writeLong(large.limit());
            out.writeLong(large.actual());
        } else if (outcome instanceof Outcome.OutOfBounds bounds) {
            out.writeByte(5);
            out.writeUTF(bounds.detail());
        } else {
            out.writeByte(0);
        }
    }

    private static Outcome readRefusal(DataInputStream in) throws IOException {
        return switch (in.readByte()) {
            case 0 -> new Outcome.NotFound();
            case 1 -> {
                long version = in.readLong();
                yield new Outcome.PreconditionFailed(version == Entry.PENDING ? null : version);
            }
            case 2 -> {
                var found = in.readUTF();
                var expected = in.readUTF();
                yield new Outcome.WrongType(found, expected.isEmpty() ? null : expected);
            }
            case 3 -> new Outcome.PatchFailed(in.readUTF());
            case 4 -> new Outcome.TooLarge(in.readUTF(), in.readLong(), in.readLong());
            case 5 -> new Outcome.OutOfBounds(in.readUTF());
            default -> throw new IOException("a refusal of an unknown kind");
        };
    }

    /** {@code withValue} false for a put, whose answer does not show the value that came with it. */
    private static void writeDone(DataOutputStream out, boolean withValue, Outcome.Done done) throws IOException {
        out.writeBoolean(done.created());
        out.writeBoolean(done.changed());
        writeEntry(out, done.entry(), withValue);
        var detail = done.detail();
        if (detail instanceof Detail.Applied applied) {
            out.writeByte(1);
            out.writeBoolean(applied.applied());
        } else if (detail instanceof Detail.Popped popped) {
            out.writeByte(2);
            writeBytes(out, Json.write(popped.element()));
        } else if (detail instanceof Detail.Removed removed) {
            out.writeByte(3);
            writeEntry(out, removed.entry(), true);
        } else {
            out.writeByte(0);
        }
    }

    private static Outcome.Done readDone(DataInputStream in) throws IOException {
        boolean created = in.readBoolean();
        boolean changed = in.readBoolean();
        var entry = readEntry(in);
        Detail detail =
                switch (in.readByte()) {
                    case 1 -> new Detail.Applied(in.readBoolean());
                    case 2 -> new Detail.Popped(readJson(in));
                    case 3 -> new Detail.Removed(readEntry(in));
                    default -> Detail.NONE;
                };
        return new Outcome.Done(entry, created, changed, detail);
    }

    private static void writeEntry(DataOutputStream out, Entry entry, boolean withValue) throws IOException {
        out.writeBoolean(entry != null);
        if (entry == null) {
            return;
        }
        out.writeUTF(entry.contentType());
        out.writeLong(entry.createdAt());
        out.writeLong(entry.modifiedAt());
        out.writeLong(entry.expiresAt());
        boolean inline = withValue && entry.value() instanceof Value.Inline;
        out.writeBoolean(inline);
        if (inline) {
            writeBytes(out, ((Value.Inline) entry.value()).bytes());
        } else {
            out.writeLong(entry.value() instanceof Value.Stored stored ? stored.id() : 0);
            out.writeLong(entry.value().size());
        }
    }

    private static Entry readEntry(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return null;
        }
        var contentType = in.readUTF();
        long createdAt = in.readLong();
        long modifiedAt = in.readLong();
        long expiresAt = in.readLong();
        Value value = in.readBoolean()
                ? new Value.Inline(in.readNBytes(in.readInt()))
                : new Value.Stored(in.readLong(), in.readLong());
        return new Entry(value, contentType, Entry.PENDING, createdAt, modifiedAt, expiresAt);
    }

    private static JsonNode readJson(DataInputStream in) throws IOException {
        try {
            return Json.parse(in.readNBytes(in.readInt()), JSON_DEPTH_MAX);
        } catch (MalformedJsonException e) {
            throw new IOException(e);
        }
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(Writing writing) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            writing.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }
}
