// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.RecordKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The messages between nodes. Every reply says first whether it is an answer or a failure; whoever gets none knows
 * nothing.
 */
final class Messages {
    private static final int ANSWER = 0;
    private static final int FAILURE = 1;

    private Messages() {}

    /** {@code deadline} in the ledger's milliseconds; {@code epoch} of the claim that the command is meant for. */
    static Buffer command(long deadline, long epoch, Command command) {
        var buffer = Buffer.buffer(256).appendLong(deadline).appendLong(epoch);
        CommandWire.write(command, buffer);
        return buffer;
    }

    static long deadline(Buffer command) {
        return command.getLong(0);
    }

    static long epoch(Buffer command) {
        return command.getLong(Long.BYTES);
    }

    static Command command(Buffer command) {
        return CommandWire.read(command, 2 * Long.BYTES);
    }

    static Buffer key(RecordKey key) {
        return Buffer.buffer(Long.BYTES + key.bytes().length)
                .appendLong(key.space())
                .appendBytes(key.bytes());
    }

    static RecordKey key(Buffer buffer) {
        return new RecordKey(buffer.getLong(0), buffer.getBytes(Long.BYTES, buffer.length()));
    }

    static void answer(Message<Buffer> message, Consumer<Buffer> answer) {
        var buffer = Buffer.buffer(256).appendByte((byte) ANSWER);
        answer.accept(buffer);
        message.reply(buffer);
    }

    static void fail(Message<Buffer> message, Failure failure) {
        var buffer = Buffer.buffer(64).appendByte((byte) FAILURE);
        FailureWire.write(failure, buffer);
        message.reply(buffer);
    }

    /** What a reply says, read from its second byte on; throws the {@link Failure} that it is. */
    static <T> T read(Buffer reply, Function<Buffer, T> answer) {
        if (reply.getByte(0) == FAILURE) {
            throw FailureWire.read(reply, 1);
        }
        return answer.apply(reply);
    }
}
