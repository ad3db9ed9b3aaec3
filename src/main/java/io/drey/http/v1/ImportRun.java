// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Body;
import io.drey.http.Exchange;
import io.drey.http.Loop;
import io.drey.http.Problem;
import io.drey.http.ProblemException;
import io.drey.http.Problems;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.model.MediaType;
import io.drey.model.Outcome;
import io.drey.store.OpenStore;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.TreeMap;

/**
 * An import while it runs: cuts the body into lines and puts each, many side by side. A bad line is noted and passed
 * over; a line that could not be tried in full ends the import.
 */
final class ImportRun implements Body.Sink {
    private static final int SIDE_BY_SIDE = 512;
    private static final int FAILED_SHOWN_MAX = 1_000;
    private static final int LINE_SPARE_BYTES = 64 * 1024;

    private final Exchange exchange;
    private final Services services;
    private final OpenStore store;
    private final Parts parts;
    private final Window window = new Window(SIDE_BY_SIDE);
    private final long lineBytesMax;
    private final TreeMap<Integer, Problem> failed = new TreeMap<>();
    private Buffer rest = Buffer.buffer();
    private boolean skipping;
    private int line;
    private long imported;
    private long expired;
    private long failedTotal;
    private boolean stopped;

    ImportRun(Exchange exchange, Services services, OpenStore store, Parts parts) {
        this.exchange = exchange;
        this.services = services;
        this.store = store;
        this.parts = parts;
        this.lineBytesMax = services.limits().recordBytes() / 3 * 4 + LINE_SPARE_BYTES;
    }

    @Override
    public Future<Void> take(Buffer piece) {
        if (stopped) {
            throw new Stopped();
        }
        return lines(piece);
    }

    /** Handles the lines of a piece; null when no time is needed. */
    private Future<Void> lines(Buffer piece) {
        var begin = new int[] {0};
        var handled = Loop.run(() -> {
            if (stopped) {
                return Loop.END;
            }
            int end = indexOf(piece, begin[0]);
            if (end < 0) {
                keep(piece, begin[0]);
                return Loop.END;
            }
            var text = skipping ? null : text(piece, begin[0], end);
            skipping = false;
            begin[0] = end + 1;
            var looked = text == null ? null : handle(text);
            return looked != null ? looked : window.room();
        });
        return handled.succeeded() ? null : handled;
    }

    private static int indexOf(Buffer piece, int from) {
        for (int i = from; i < piece.length(); i++) {
            if (piece.getByte(i) == '\n') {
                return i;
            }
        }
        return -1;
    }

    private byte[] text(Buffer piece, int begin, int end) {
        if (rest.length() == 0) {
            return piece.getBytes(begin, end);
        }
        rest.appendBytes(piece.getBytes(begin, end));
        var text = rest.getBytes();
        rest = Buffer.buffer();
        return text;
    }

    private void keep(Buffer piece, int begin) {
        if (skipping) {
            return;
        }
        rest.appendBytes(piece.getBytes(begin, piece.length()));
        if (rest.length() > lineBytesMax) {
            line++;
            fail(line, Problem.tooLarge("The line", lineBytesMax, -1));
            rest = Buffer.buffer();
            skipping = true;
        }
    }

    /** Begins the write of a line; null unless the ledger has to be asked whether it was done before. */
    private Future<Void> handle(byte[] text) {
        line++;
        int number = line;
        if (isBlank(text)) {
            return null;
        }
        ImportLine parsed;
        try {
            parsed = ImportLine.parse(text, services.limits(), services.ledger().now());
            Access.check(exchange.principal().mayWrite(store.id(), parsed.key()));
        } catch (ProblemException e) {
            fail(number, e.problem());
            return null;
        }
        if (parsed.expired()) {
            expired++;
            return null;
        }
        var done = parts.done(number);
        if (done.succeeded()) {
            put(parsed, number, done.result());
            return null;
        }
        return done.map(outcome -> {
            put(parsed, number, outcome);
            return null;
        });
    }

    private static boolean isBlank(byte[] text) {
        for (byte b : text) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }

    private void put(ImportLine parsed, int number, Outcome before) {
        if (before != null) {
            imported++;
            return;
        }
        if (stopped) {
            return;
        }
        // Asked again at its turn: a line may have waited for another of its key while the import ended.
        window.run(parsed.key(), () -> stopped ? Future.succeededFuture() : execute(parsed, number));
    }

    private Future<?> execute(ImportLine parsed, int number) {
        return parts.done(number, services.records().execute(store, parsed.key(), parsed.put(), parts.part(number)))
                .onSuccess(outcome -> {
                    if (outcome instanceof Outcome.Done) {
                        imported++;
                    } else {
                        fail(number, Problems.of(outcome, parsed.key()));
                    }
                })
                .onFailure(failure -> stop(number, failure));
    }

    /** A line that was not tried in full: later ones are not tried at all. */
    private void stop(int number, Throwable failure) {
        stopped = true;
        fail(number, Problems.ofFailure(failure));
    }

    private void fail(int number, Problem problem) {
        failedTotal++;
        failed.put(number, problem);
        if (failed.size() > FAILED_SHOWN_MAX) {
            failed.pollLastEntry();
        }
    }

    /** Whether a repeat would find nothing left to do. */
    boolean isFinal() {
        return !stopped;
    }

    /** After the last byte, or when the body broke off. */
    Future<Reply> finish(Throwable brokenOff) {
        boolean more = brokenOff == null && !stopped && rest.length() > 0;
        var last = more ? handle(rest.getBytes()) : null;
        return (last == null ? Future.<Void>succeededFuture() : last)
                .onFailure(failure -> stop(line, failure))
                .transform(any -> window.idle())
                .map(v -> {
                    if (brokenOff != null && !(brokenOff instanceof Stopped)) {
                        stop(line + 1, brokenOff);
                    }
                    return reply();
                });
    }

    private Reply reply() {
        var json = new JsonOut()
                .object()
                .number("imported", imported)
                .number("expired", expired)
                .array("failed");
        failed.forEach((number, problem) -> json.object()
                .number("line", number)
                .raw("problem", problem.toBytes())
                .endObject());
        json.endArray()
                .number("failedTotal", failedTotal)
                .bool("stopped", stopped)
                .endObject();
        return Reply.bytes(200, MediaType.JSON, json.bytes());
    }

    /** Ends the reading of a body whose import has ended. */
    private static final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Stopped() {
            super("the import has ended", null, false, false);
        }
    }
}
