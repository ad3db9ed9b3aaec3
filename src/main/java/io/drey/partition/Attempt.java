// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import java.util.concurrent.atomic.AtomicReference;

/**
 * Settles the one race that matters, between the time limit and the commit: what was given up while it waited is never
 * sent, so its 503 is final; what was sent and not answered in time is unknown.
 */
abstract class Attempt {
    private final AtomicReference<State> state = new AtomicReference<>(State.WAITING);
    private final long deadlineNanos;

    Attempt(long deadlineNanos) {
        this.deadlineNanos = deadlineNanos;
    }

    /** When it is given up, by {@link System#nanoTime}. */
    final long deadlineNanos() {
        return deadlineNanos;
    }

    final boolean isEnded() {
        return state.get() == State.ENDED;
    }

    /** Says that the change is about to be sent; false when it was given up before. */
    final boolean send() {
        return state.compareAndSet(State.WAITING, State.SENT);
    }

    /** Takes {@link #send} back: the ledger certainly did not take the change. */
    final void unsend() {
        state.compareAndSet(State.SENT, State.WAITING);
    }

    /** True once: for whoever answers. */
    final boolean end() {
        return state.getAndSet(State.ENDED) != State.ENDED;
    }

    /** On the context, when the time is over. */
    final void giveUp() {
        giveUp("The write was not begun within its time limit and will not happen.");
    }

    /** On the context; {@code reason} is told when it was not sent. */
    final void giveUp(String reason) {
        switch (state.getAndSet(State.ENDED)) {
            case WAITING -> failed(new Failure(Failure.Kind.UNAVAILABLE, reason));
            case SENT ->
                failed(new Failure(
                        Failure.Kind.UNKNOWN,
                        "The write was sent to the durable store, which did not answer in time."));
            case ENDED -> {}
        }
    }

    /** Tells whoever waits. */
    abstract void failed(Failure failure);

    private enum State {
        WAITING,
        SENT,
        ENDED
    }
}
