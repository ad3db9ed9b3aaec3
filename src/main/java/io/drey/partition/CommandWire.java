// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.RecordKey;
import io.vertx.core.buffer.Buffer;

/**
 * Commands between nodes. The first byte names the format; both that and every number inside are a contract between
 * releases, which talk to each other while a cluster is updated node by node.
 */
final class CommandWire {
    private static final int FORMAT = 1;

    private CommandWire() {}

    /** Appends the command; a value in it is copied once, into the buffer. */
    static void write(Command command, Buffer to) {
        write(command, new WireWriter(to));
    }

    /**
     * Reads the command that goes from {@code position} to the end of the buffer.
     *
     * @throws UnknownFormatException when a later release wrote it
     * @throws WireException when it makes no sense
     */
    static Command read(Buffer from, int position) {
        return WireReader.whole(from, position, CommandWire::read);
    }

    /** As above, for a message that holds more than one command. */
    static void write(Command command, WireWriter out) {
        out.int8(FORMAT);
        out.int64(command.id());
        out.int64(command.key().space());
        out.bytes(command.key().bytes());
        out.int64(command.defaultTtl());
        writeOnce(command.once(), out);
        OperationWire.write(command.operation(), out);
    }

    static Command read(WireReader in) {
        in.format("a command", FORMAT);
        long id = in.int64();
        var key = new RecordKey(in.int64(), in.bytes());
        long defaultTtl = in.int64();
        var once = readOnce(in);
        return new Command(id, key, OperationWire.read(in), defaultTtl, once);
    }

    private static void writeOnce(Command.Once once, WireWriter out) {
        out.flag(once != null);
        if (once != null) {
            out.int64(once.account());
            out.text(once.key());
            out.int32(once.part());
            out.bytes(once.fingerprint());
        }
    }

    private static Command.Once readOnce(WireReader in) {
        return in.flag() ? new Command.Once(in.int64(), in.text(), in.int32(), in.bytes()) : null;
    }
}
