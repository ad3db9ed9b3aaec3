// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.hazelcast.config.Config;
import com.hazelcast.config.InMemoryFormat;
import com.hazelcast.config.PartitioningStrategyConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import com.hazelcast.map.impl.proxy.MapProxyImpl;
import com.hazelcast.partition.PartitionService;
import com.hazelcast.partition.PartitioningStrategy;
import io.drey.model.RecordKey;

/**
 * The Hazelcast map of heads, and where its keys are placed: our own partition of a key, known without serializing it,
 * is also Hazelcast's.
 */
public final class RecordMap {
    private static final String NAME = "drey.records";

    private RecordMap() {}

    /** Sets what the map must be, whatever an operator wrote into the file. Before Hazelcast starts. */
    public static void configure(Config config) {
        HazelcastTypes.register(config.getSerializationConfig());
        config.getMapConfig(NAME)
                .setInMemoryFormat(InMemoryFormat.OBJECT)
                .setBackupCount(0)
                .setAsyncBackupCount(0)
                .setTimeToLiveSeconds(0)
                .setMaxIdleSeconds(0)
                .setStatisticsEnabled(false)
                .setPartitioningStrategyConfig(new PartitioningStrategyConfig(new Placement()));
    }

    /**
     * The map as Hazelcast's own class: {@code IMap.submitToKey} completes every call by a task on the common pool,
     * which costs a write two changes of thread that nobody waits for.
     */
    static MapProxyImpl<RecordKey, Head> of(HazelcastInstance hazelcast) {
        var strategy = hazelcast
                .getConfig()
                .getMapConfig(NAME)
                .getPartitioningStrategyConfig()
                .getPartitioningStrategy();
        ((Placement) strategy).learn(hazelcast.getPartitionService());
        IMap<RecordKey, Head> map = hazelcast.getMap(NAME);
        return (MapProxyImpl<RecordKey, Head>) map;
    }

    /** Hazelcast hashes what this answers: for each partition a number that it hashes to that partition. */
    private static final class Placement implements PartitioningStrategy<RecordKey> {
        private static final long serialVersionUID = 1L;

        private transient volatile Integer[] representatives;

        void learn(PartitionService partitions) {
            int count = partitions.getPartitions().size();
            var found = new Integer[count];
            int missing = count;
            for (int candidate = 0; missing > 0; candidate++) {
                int id = partitions.getPartition(candidate).getPartitionId();
                if (found[id] == null) {
                    found[id] = candidate;
                    missing--;
                }
            }
            representatives = found;
        }

        @Override
        public Object getPartitionKey(RecordKey key) {
            return representatives[key.partition(representatives.length)];
        }
    }
}
