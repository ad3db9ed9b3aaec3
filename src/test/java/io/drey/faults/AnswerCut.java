// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.faults;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Watches one PostgreSQL connection for a statement with a certain text, also when it was prepared long before. The
 * statement gets through; when the server is done with it, its answer is kept back, to the last byte, and the
 * connection is to be closed: what the client asked for has happened and it was never told. Answers to earlier
 * statements on the same connection get through.
 */
final class AnswerCut {
    private static final int NONE = -1;

    private final AtomicReference<Order> order;
    private final PostgresFrames asked = PostgresFrames.ofClient();
    private final PostgresFrames answered = PostgresFrames.ofServer();
    private final Map<String, String> statements = new HashMap<>();
    private Order taken;
    /** Bytes that stand outside of any message: answers to the question for encryption. */
    private int bareBytes;
    /** How many times the server will still say that it is ready for the next statement. */
    private int unanswered;
    /** How many of these come before the answer that is kept back. */
    private int before = NONE;

    private boolean hasMatched;

    AnswerCut(AtomicReference<Order> order) {
        this.order = order;
    }

    /** What the client is about to send. */
    synchronized void sending(byte[] bytes) {
        for (byte next : bytes) {
            if (asked.take(next)) {
                askedFor();
            }
        }
    }

    /** How many of the server's bytes the client may have. */
    synchronized int receiving(byte[] bytes) {
        if (before == 0) {
            answered(bytes, 0);
            return 0;
        }
        return answered(bytes, bytes.length);
    }

    /** Whether the answer is there and kept back: time to close. */
    synchronized boolean isCut() {
        return before == NONE && taken != null;
    }

    /** Tells who ordered it that it has happened. */
    void tell() {
        taken.done().complete(null);
    }

    private int answered(byte[] bytes, int mayPass) {
        int passing = mayPass;
        for (int i = 0; i < bytes.length && !isCut(); i++) {
            if (bareBytes > 0) {
                bareBytes--;
            } else if (answered.take(bytes[i]) && answered.type() == 'Z') {
                unanswered--;
                if (before == 0) {
                    before = NONE;
                } else if (before > 0 && --before == 0) {
                    passing = Math.min(passing, i + 1);
                }
            }
        }
        return passing;
    }

    private void askedFor() {
        switch (asked.type()) {
            case 0 -> opens();
            case 'P' -> statements.put(asked.text(0), asked.text(1));
            case 'B' -> match(statements.getOrDefault(asked.text(1), ""));
            case 'Q' -> {
                match(asked.text(0));
                ends();
            }
            case 'S' -> ends();
            default -> {
                // Nothing else names a statement or ends one.
            }
        }
    }

    private void opens() {
        if (asked.asksForEncryption()) {
            bareBytes++;
        } else {
            asked.opened();
            unanswered++;
        }
    }

    private void match(String statement) {
        var open = order.get();
        if (taken == null && open != null && statement.contains(open.pattern()) && order.compareAndSet(open, null)) {
            taken = open;
            hasMatched = true;
        }
    }

    private void ends() {
        if (hasMatched) {
            before = unanswered;
            hasMatched = false;
        }
        unanswered++;
    }

    /**
     * One answer that is to be lost.
     *
     * @param pattern part of the statement's text
     * @param done completed when it was lost
     */
    record Order(String pattern, CompletableFuture<Void> done) {}
}
