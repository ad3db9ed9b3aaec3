// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoopTest {
    @Test
    void completeStepsAreFollowedByTheNext() {
        var steps = new AtomicInteger();
        var done = Loop.run(() -> switch (steps.incrementAndGet()) {
            case 1 -> null;
            case 2 -> Future.succeededFuture();
            case 3 -> Future.succeededFuture(null);
            default -> Loop.END;
        });
        assertThat(done.succeeded()).isTrue();
        assertThat(steps).hasValue(4);
    }

    @Test
    void waitsForAStepThatIsNotComplete() {
        Promise<Void> step = Promise.promise();
        var steps = new AtomicInteger();
        var done = Loop.run(() -> steps.incrementAndGet() == 1 ? step.future() : Loop.END);
        assertThat(done.isComplete()).isFalse();
        step.complete();
        assertThat(done.succeeded()).isTrue();
    }

    @Test
    void manyStepsDoNotExhaustTheStack() {
        var steps = new AtomicInteger();
        var done = Loop.run(() -> steps.incrementAndGet() < 1_000_000 ? Future.succeededFuture() : Loop.END);
        assertThat(done.succeeded()).isTrue();
    }

    @Test
    void failuresAndExceptionsEndIt() {
        assertThat(Loop.run(() -> Future.failedFuture("no")).failed()).isTrue();
        assertThat(Loop.run(() -> {
                            throw new IllegalStateException("no");
                        })
                        .cause())
                .isInstanceOf(IllegalStateException.class);
    }
}
