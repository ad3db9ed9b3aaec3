// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.partition;

import com.hazelcast.config.SerializationConfig;
import com.hazelcast.config.SerializerConfig;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.StreamSerializer;
import io.drey.model.RecordKey;
import java.io.IOException;

/** The numbers and serializers under which our types are known to Hazelcast. */
final class HazelcastTypes {
    static final int FACTORY = 7301;
    static final int HEAD = 1;
    private static final int RECORD_KEY = 7302;

    private HazelcastTypes() {}

    static void register(SerializationConfig config) {
        config.addDataSerializableFactory(FACTORY, classId -> new Head());
        config.addSerializerConfig(
                new SerializerConfig().setTypeClass(RecordKey.class).setImplementation(new RecordKeySerializer()));
    }

    private static final class RecordKeySerializer implements StreamSerializer<RecordKey> {
        @Override
        public int getTypeId() {
            return RECORD_KEY;
        }

        @Override
        public void write(ObjectDataOutput out, RecordKey key) throws IOException {
            out.writeLong(key.space());
            out.writeByteArray(key.bytes());
        }

        @Override
        public RecordKey read(ObjectDataInput in) throws IOException {
            return new RecordKey(in.readLong(), in.readByteArray());
        }
    }
}
