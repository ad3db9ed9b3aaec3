// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.member;

import io.drey.ledger.Claims;
import io.drey.ledger.Claims.View;
import io.drey.ledger.Ledger;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This node as an incarnation of the ledger: renews it, sees the others, ends those that have fallen silent, and begins
 * anew, with nothing, when it was ended itself. Works on a thread of its own, so that neither commits nor event loops
 * delay a renewal.
 */
public final class Membership implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
    private static final long NONE = 0;
    private static final long ROUND_MILLIS_MIN = 50;
    private static final long SOON_NANOS = 100_000_000;
    private static final View NOTHING = new View(true, List.of(), Map.of(), Set.of(), 0);

    private final Claims claims;
    private final Claims.Node node;
    private final MemberConfig config;
    private final Lease lease;
    private final Silence silence;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<CompletableFuture<View>> asked = new AtomicReference<>(new CompletableFuture<>());
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(Membership::thread);
    private final Set<Long> ending = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean looking = new AtomicBoolean();
    private volatile View view = NOTHING;
    private volatile long viewedNanos = System.nanoTime();
    private volatile long incarnation;
    private volatile boolean closing;
    private boolean troubled;

    public Membership(Ledger ledger, Claims.Node node, MemberConfig config) {
        this.claims = ledger.claims();
        this.node = node;
        this.config = config;
        this.lease = ledger.isShared() ? Lease.of(config.leaseMillis()) : Lease.endless();
        this.silence = new Silence(config.silenceMillis());
    }

    private static Thread thread(Runnable runnable) {
        var thread = new Thread(runnable, "drey-member");
        thread.setDaemon(true);
        return thread;
    }

    /** Before the start. */
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Joins; blocks. Fails with what the ledger fails with. */
    public void start() {
        incarnation = claims.join(node).toCompletableFuture().join();
        LOG.info("Joined as incarnation {}", incarnation);
        thread.execute(this::round);
    }

    public Lease lease() {
        return lease;
    }

    /** The number of this start of the node, or a later one if it had to begin anew; 0 while it has none. */
    public long incarnation() {
        return incarnation;
    }

    public Claims.Node node() {
        return node;
    }

    /** How things stood at the last renewal. */
    public View view() {
        return view;
    }

    /** A view of an instant after this call; completes late, or not at all, while the ledger cannot be reached. */
    public CompletionStage<View> look() {
        // A renewal that runs already has taken another future along, for it may have seen an earlier instant.
        var next = asked.get();
        if (looking.compareAndSet(false, true)) {
            submit(this::lookNow);
        }
        return next.thenApply(seen -> seen);
    }

    /** Has a new view taken, unless the present one is rather new; for whoever found it to be wrong. */
    public void lookSoon() {
        if (System.nanoTime() - viewedNanos > SOON_NANOS) {
            look();
        }
    }

    private void submit(Runnable task) {
        try {
            thread.execute(task);
        } catch (RejectedExecutionException e) {
            // The node is stopping: nobody is told any more.
        }
    }

    private void lookNow() {
        looking.set(false);
        renew();
    }

    private void round() {
        long nextMillis = config.renewalMillis();
        try {
            renew();
            nextMillis = Math.max(ROUND_MILLIS_MIN, Math.min(nextMillis, silence.nextMillis()));
        } catch (RuntimeException | Error e) {
            // Whatever it is: without renewals this node would be dead for good.
            LOG.error("A renewal failed in an unforeseen way", e);
        } finally {
            again(nextMillis);
        }
    }

    private void again(long millis) {
        try {
            thread.schedule(this::round, Math.max(1, millis), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            // The node is stopping.
        }
    }

    private void renew() {
        var sent = Lease.Moment.now();
        var waiting = asked.getAndSet(new CompletableFuture<>());
        try {
            var seen = claims.renew(incarnation).toCompletableFuture().join();
            if (closing) {
                return;
            }
            if (!seen.isLiving()) {
                beginAnew();
                keepAsked(waiting);
                return;
            }
            take(seen, sent);
            waiting.complete(seen);
            note(false, null);
        } catch (CompletionException e) {
            keepAsked(waiting);
            note(true, e.getCause());
        }
    }

    /** Who asked is told by the next view that there is. */
    private void keepAsked(CompletableFuture<View> waiting) {
        asked.get().thenAccept(waiting::complete);
    }

    private void take(View seen, Lease.Moment sent) {
        if (!lease.isHeld()) {
            // Others may have outlasted the lease and changed what was remembered, and their marks are gone.
            listeners.forEach(Listener::lapsed);
        }
        listeners.forEach(listener -> listener.marked(seen.marks()));
        lease.extend(sent);
        view = seen;
        viewedNanos = System.nanoTime();
        for (var silent : silence.observe(seen.members(), incarnation)) {
            end(silent);
        }
        listeners.forEach(listener -> listener.viewed(seen));
    }

    private void end(Claims.Member silent) {
        if (!ending.add(silent.incarnation())) {
            return;
        }
        claims.end(silent.incarnation(), silent.counter()).whenComplete((ended, failure) -> {
            ending.remove(silent.incarnation());
            if (failure == null && ended) {
                LOG.info("Ended incarnation {}, which fell silent", silent.incarnation());
                listeners.forEach(Listener::ended);
            }
        });
    }

    private void beginAnew() {
        long before = incarnation;
        incarnation = NONE;
        lease.lose();
        listeners.forEach(Listener::lost);
        incarnation = claims.join(node).toCompletableFuture().join();
        LOG.warn("Incarnation {} was ended; this node begins anew as {}", before, incarnation);
        look();
    }

    private void note(boolean trouble, Throwable cause) {
        if (trouble != troubled) {
            troubled = trouble;
            if (trouble) {
                LOG.warn("The durable store cannot be reached: {}", cause.getMessage());
            } else {
                LOG.info("The durable store is reached again");
            }
        }
    }

    /** Ends this incarnation, so that nobody waits for it. Blocks, for a second at most. */
    @Override
    public void close() {
        closing = true;
        thread.shutdownNow();
        lease.lose();
        claims.renew(incarnation)
                .thenCompose(last -> last.members().stream()
                        .filter(member -> member.incarnation() == incarnation)
                        .findFirst()
                        .map(member -> claims.end(incarnation, member.counter()))
                        .orElse(CompletableFuture.completedFuture(false)))
                .exceptionally(failure -> false)
                .toCompletableFuture()
                .completeOnTimeout(false, 1, TimeUnit.SECONDS)
                .join();
    }

    /** Hears, on the thread of the renewals, what must not wait. */
    public interface Listener {
        /** This incarnation was ended: nothing that was remembered is true. The lease is lost already. */
        default void lost() {}

        /** The lease had run out before this renewal: others may have changed stores and tokens meanwhile. */
        default void lapsed() {}

        /** These subjects must be let go before this returns; the lease is extended after it. */
        default void marked(Set<String> subjects) {}

        /** A new view; what to do about it is done elsewhere. */
        default void viewed(View view) {}

        /** Another incarnation has just been ended by this node. */
        default void ended() {}
    }
}
