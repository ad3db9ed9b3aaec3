// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import io.drey.model.Entry;

/**
 * The newest applied state of a record: the value of the Hazelcast map. A head is made by the entry processor, then
 * either committed or refused, once.
 *
 * <p>A head belongs to the claim under which it was made and is as if not there under any other. It serializes to
 * nothing, so a partition that Hazelcast moves carries no data.
 */
public final class Head implements IdentifiedDataSerializable {
    private static final int PENDING = 0;
    private static final int COMMITTED = 1;
    private static final int REFUSED = 2;

    private final OwnedPartition owner;
    private Entry entry;
    private Head base;
    private volatile int state;

    /** Only for a head that arrives over the network: it belongs to no claim. */
    public Head() {
        this(null, null, null, REFUSED);
    }

    private Head(OwnedPartition owner, Entry entry, Head base, int state) {
        this.owner = owner;
        this.entry = entry;
        this.base = base;
        this.state = state;
    }

    static Head committed(OwnedPartition owner, Entry entry) {
        return new Head(owner, entry, null, COMMITTED);
    }

    /** The state that follows {@code base}; null {@code entry} when that is absence. */
    static Head after(Head base, Entry entry) {
        return new Head(base.owner, entry, base, PENDING);
    }

    /** The newest head from this one back that was not refused; null when the slot has to tell. */
    static Head newest(Head head, OwnedPartition owner) {
        var newest = head;
        while (newest != null && (newest.owner != owner || newest.state == REFUSED)) {
            newest = newest.owner == owner ? newest.base : null;
        }
        return newest;
    }

    /** Null when the record is absent; the version is known once committed. */
    Entry entry() {
        return entry;
    }

    boolean isCommitted() {
        return state == COMMITTED;
    }

    boolean isRefused() {
        return state == REFUSED;
    }

    long version() {
        return entry == null ? Entry.PENDING : entry.version();
    }

    void commit(Entry committed) {
        entry = committed;
        base = null;
        state = COMMITTED;
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
