// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** One request of another node that waits for its answer; {@code content} is what it asks. */
record Request(Desk desk, String answers, long id, Buffer content) {
    private static final int ANSWER = 0;
    private static final int FAILURE = 1;

    void answer(Consumer<Buffer> answer) {
        var buffer = Buffer.buffer(256).appendByte((byte) ANSWER);
        answer.accept(buffer);
        desk.send(answers, id, buffer);
    }

    void fail(Failure failure) {
        var buffer = Buffer.buffer(64).appendByte((byte) FAILURE);
        FailureWire.write(failure, buffer);
        desk.send(answers, id, buffer);
    }

    /** Where the answers of one event loop are gathered until the end of its turn. Runs on that event loop. */
    static final class Desk {
        private final Context context;
        private final Map<String, Parcel> open = new HashMap<>();

        Desk(Context context) {
            this.context = context;
        }

        /** Has each request of a parcel handled. */
        void read(Buffer parcel, Consumer<Request> handler) {
            Parcel.read(parcel, (answers, id, content) -> handler.accept(new Request(this, answers, id, content)));
        }

        private void send(String address, long id, Buffer answer) {
            if (open.isEmpty()) {
                context.runOnContext(v -> flush());
            }
            open.computeIfAbsent(address, any -> new Parcel("")).add(id, answer);
        }

        private void flush() {
            open.forEach((address, parcel) -> context.owner().eventBus().send(address, parcel.toBuffer()));
            open.clear();
        }
    }
}
