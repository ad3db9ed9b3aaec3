// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.drey.model.Entry;

/**
 * The newest applied state of a record: the value of the Hazelcast map. A head is made by the entry processor, then
 * either committed or refused, once. A committed head keeps no entry: the slot has it, and may let it go.
 *
 * <p>A head belongs to the claim under which it was made and is as if not there under any other. It serializes to
 * nothing, so a partition that Hazelcast moves carries no data.
 */
public final class Head implements IdentifiedDataSerializable {
    private static final int PENDING = 0;
    private static final int COMMITTED = 1;
    private static final int REFUSED = 2;

    private final OwnedPartition owner;
    private final long size;
    private Entry entry;
    private Head base;
    private long version;
    private volatile int state;

    /** Only for a head that arrives over the network: it belongs to no claim. */
    public Head() {
        this(null, null, null, REFUSED);
    }

    private Head(OwnedPartition owner, Entry entry, Head base, int state) {
        this.owner = owner;
        this.entry = entry;
        this.size = entry == null ? 0 : entry.value().size();
        this.version = entry == null ? Entry.PENDING : entry.version();
        this.base = base;
        this.state = state;
    }

    /** What the slot says: the state that a chain begins at. */
    static Head committed(OwnedPartition owner, Entry entry) {
        return new Head(owner, entry, null, COMMITTED);
    }

    /** The state that follows {@code base}; null {@code entry} when that is absence. */
    static Head after(Head base, Entry entry) {
        return new Head(base.owner, entry, base, PENDING);
    }

    /** The newest state from {@code head} back that is under way; null when the slot has to tell. */
    static Head underWay(Head head, OwnedPartition owner) {
        var newest = head;
        while (newest != null && newest.owner == owner) {
            int found = newest.state;
            if (found == PENDING) {
                return newest;
            }
            if (found == COMMITTED) {
                return null;
            }
            newest = newest.base;
        }
        return null;
    }

    /**
     * Null when the record is absent, and once committed; so one is right if the head {@link #isUnderWay} after it was
     * read.
     */
    Entry entry() {
        return entry;
    }

    boolean isUnderWay() {
        return state == PENDING;
    }

    /** Whether anything under way is reached from here, also behind heads that were refused. */
    boolean isNeeded() {
        return underWay(this, owner) != null;
    }

    boolean isCommitted() {
        return state == COMMITTED;
    }

    boolean isRefused() {
        return state == REFUSED;
    }

    /** {@link Entry#PENDING} when the record is absent or not yet committed. */
    long version() {
        return version;
    }

    /** Bytes of the value, 0 when absent. */
    long size() {
        return size;
    }

    /** {@code number} is 0 when the record is absent. */
    void commit(long number) {
        version = number;
        state = COMMITTED;
        entry = null;
        base = null;
    }

    void refuse() {
        state = REFUSED;
    }

    @Override
    public int getFactoryId() {
        return HazelcastTypes.FACTORY;
    }

    @Override
    public int getClassId() {
        return HazelcastTypes.HEAD;
    }

    @Override
    public void writeData(ObjectDataOutput out) {
        // Nothing: see the class comment.
    }

    @Override
    public void readData(ObjectDataInput in) {
        // Nothing: see the class comment.
    }
}
