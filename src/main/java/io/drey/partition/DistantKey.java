// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.concurrent.CompletableFuture;

/**
 * A key of an atomic batch that another node holds for it. The holder gives the key up by itself, after it has shut the
 * batch out, when it does not hear in time what became of it; so no message here needs to arrive.
 */
final class DistantKey implements BatchKey {
    private static final long SETTLE_MILLIS = 2_000;

    private final RecordKey key;
    private final int partition;
    private final String node;
    private final long batch;
    private final Vertx vertx;
    private boolean settled;
    private long epoch;
    private Entry entry;
    private byte[] materialized;

    DistantKey(RecordKey key, int partition, String node, long batch, Vertx vertx) {
        this.key = key;
        this.partition = partition;
        this.node = node;
        this.batch = batch;
        this.vertx = vertx;
    }

    /** {@code deadline} in the ledger's milliseconds, {@code millis} of time from now. */
    Future<Void> hold(Commands commands, boolean needsValue, int jsonBytesMax, long deadline, long millis) {
        return vertx.eventBus()
                .<Buffer>request(
                        Addresses.holds(node),
                        new Hold(batch, deadline, key).toBuffer(),
                        new DeliveryOptions().setSendTimeout(millis))
                .map(reply -> Messages.read(reply.body(), body -> {
                    epoch = body.getLong(1);
                    entry = EntryWire.read(body, 1 + Long.BYTES);
                    return entry;
                }))
                .compose(found -> {
                    if (needsValue
                            && found != null
                            && found.value() instanceof Value.Stored stored
                            && stored.size() <= jsonBytesMax) {
                        return commands.bytes(stored).map(bytes -> {
                            materialized = bytes;
                            return null;
                        });
                    }
                    return Future.succeededFuture();
                });
    }

    @Override
    public RecordKey key() {
        return key;
    }

    @Override
    public int partition() {
        return partition;
    }

    @Override
    public long epoch() {
        return epoch;
    }

    /** Its holder said so when it was asked, and a guard or a look into the ledger tells the rest. */
    @Override
    public boolean stands() {
        return true;
    }

    @Override
    public Entry entry() {
        return entry;
    }

    @Override
    public byte[] materialized() {
        return materialized;
    }

    /** The holder's readers wait since it was asked to hold the key. */
    @Override
    public void commitBegins(CompletableFuture<Void> settledFuture) {}

    @Override
    public void committed(Entry next) {
        tell(new Settlement(batch, key, Settlement.Kind.COMMITTED, next));
    }

    @Override
    public void unchanged() {
        tell(new Settlement(batch, key, Settlement.Kind.UNCHANGED, null));
    }

    @Override
    public void commitFails(boolean doubtful) {
        tell(new Settlement(batch, key, doubtful ? Settlement.Kind.DOUBTFUL : Settlement.Kind.UNCHANGED, null));
    }

    private void tell(Settlement settlement) {
        if (!settled) {
            settled = true;
            vertx.eventBus().send(Addresses.settlements(node), settlement.toBuffer());
        }
    }

    @Override
    public Future<Void> shutOut() {
        settled = true;
        return vertx.eventBus()
                .<Buffer>request(
                        Addresses.settlements(node),
                        new Settlement(batch, key, Settlement.Kind.DOUBTFUL, null).toBuffer(),
                        new DeliveryOptions().setSendTimeout(SETTLE_MILLIS))
                .mapEmpty();
    }

    @Override
    public void letGo() {
        unchanged();
    }
}
