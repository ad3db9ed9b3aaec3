// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

/**
 * What can be asked of one record: data only, checked when made. {@link Rules} says what each does.
 *
 * <p>JSON that is stored as it came is held as bytes; JSON that is looked into is held as a tree.
 */
public sealed interface Operation {
    Conditions conditions();

    Kind kind();

    record Get(Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.GET;
        }
    }

    /** Replaces the record. {@code ttl} as {@link Ttl} says. */
    record Put(Value value, String contentType, long ttl, Conditions conditions) implements Operation {
        public Put {
            Objects.requireNonNull(value);
            Objects.requireNonNull(contentType);
        }

        @Override
        public Kind kind() {
            return Kind.PUT;
        }
    }

    record Delete(Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.DELETE;
        }
    }

    /** Ends a record whose time has come; does nothing to one that is still, or again, alive. */
    record Expire() implements Operation {
        @Override
        public Kind kind() {
            return Kind.EXPIRE;
        }

        @Override
        public Conditions conditions() {
            return Conditions.NONE;
        }
    }

    /** RFC 7396. */
    record Merge(JsonNode patch, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.MERGE;
        }
    }

    /** RFC 6902. */
    record Patch(JsonPatch patch, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.PATCH;
        }
    }

    record Increment(BigDecimal by, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.INCREMENT;
        }
    }

    /** {@code expected} null, or JSON null, matches an absent key and a stored null. */
    record CompareAndSet(JsonNode expected, byte[] value, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.COMPARE_AND_SET;
        }
    }

    record SetChildren(ObjectNode values, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.SET_CHILDREN;
        }
    }

    record RemoveChildren(List<String> keys, Conditions conditions) implements Operation {
        public RemoveChildren {
            keys = List.copyOf(keys);
        }

        @Override
        public Kind kind() {
            return Kind.REMOVE_CHILDREN;
        }
    }

    /** {@code max} is the longest array that may result, at least 1; {@link Integer#MAX_VALUE} when not asked. */
    record Push(JsonNode value, End end, boolean unique, int max, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.PUSH;
        }
    }

    /** {@code fallback} is what is popped when there is nothing; never null. */
    record Pop(End end, JsonNode fallback, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.POP;
        }
    }

    record GetOrCreate(byte[] value, long ttl, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.GET_OR_CREATE;
        }
    }

    /** Changes the expiry alone; {@code ttl} in milliseconds or {@link Ttl#NONE}. */
    record Touch(long ttl, Conditions conditions) implements Operation {
        @Override
        public Kind kind() {
            return Kind.TOUCH;
        }
    }

    /** One for each case. */
    enum Kind {
        GET("get", false),
        PUT("put", false),
        DELETE("delete", false),
        EXPIRE("expire", false),
        MERGE("patch", true),
        PATCH("patch", true),
        INCREMENT("increment", true),
        COMPARE_AND_SET("compare-and-set", true),
        SET_CHILDREN("set-children", true),
        REMOVE_CHILDREN("remove-children", true),
        PUSH("push", true),
        POP("pop", true),
        GET_OR_CREATE("get-or-create", false),
        TOUCH("touch", false);

        private final String text;
        private final boolean readsValue;

        Kind(String text, boolean readsValue) {
            this.text = text;
            this.readsValue = readsValue;
        }

        /** The name in history and events, and in the path of the native API. */
        public String text() {
            return text;
        }

        /** Whether the rule looks into the present value, so that its bytes must be at hand. */
        public boolean readsValue() {
            return readsValue;
        }
    }

    /** An end of an array. */
    enum End {
        HEAD,
        TAIL
    }
}
