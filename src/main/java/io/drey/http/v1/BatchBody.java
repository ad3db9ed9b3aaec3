// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.HttpLimits;
import io.drey.http.Problem;
import io.drey.http.ProblemException;
import io.drey.model.Conditions;
import io.drey.model.Conditions.Versions;
import io.drey.model.JsonMembers;
import io.drey.model.MalformedJsonException;
import io.drey.model.Operation;
import io.drey.model.Ttl;
import io.drey.model.Value;
import io.drey.store.StoreRecords.Keyed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** A batch as it was sent, checked as a whole. */
record BatchBody(List<Keyed> operations, boolean atomic) {
    private static final Set<String> BATCH = Set.of("operations", "atomic");
    private static final Set<String> COMMON = Set.of("op", "key", "ifMatch", "ifNoneMatch");
    private static final Set<String> PUT = Set.of("value", "base64", "contentType", "ttl");
    private static final long VERSION_MAX = (1L << 53) - 1;

    static BatchBody parse(byte[] body, HttpLimits limits) {
        var members = JsonBodies.object(body, limits);
        JsonBodies.refuseUnknown(members, BATCH);
        boolean atomic = atomic(members);
        var objects = objects(members);
        int max = atomic ? limits.atomicOperations() : limits.batchOperations();
        if (objects.size() > max) {
            throw Problem.tooLarge(atomic ? "The atomic batch" : "The batch", max, objects.size())
                    .exception();
        }
        var operations = new ArrayList<Keyed>(objects.size());
        for (int index = 0; index < objects.size(); index++) {
            try {
                operations.add(operation(objects.get(index), limits));
            } catch (ProblemException e) {
                throw e.problem().with("index", index).exception();
            }
        }
        return new BatchBody(operations, atomic);
    }

    private static boolean atomic(JsonMembers members) {
        if (!members.has("atomic")) {
            return false;
        }
        if (!"boolean".equals(members.typeOf("atomic"))) {
            throw OperationBody.invalid("atomic", "atomic is true or false.");
        }
        return members.node("atomic").booleanValue();
    }

    private static List<JsonMembers> objects(JsonMembers members) {
        if (!"array".equals(members.typeOf("operations"))) {
            throw OperationBody.invalid("operations", "operations must be an array.");
        }
        try {
            return members.objects("operations");
        } catch (MalformedJsonException e) {
            throw JsonBodies.malformed(e);
        }
    }

    private static Keyed operation(JsonMembers members, HttpLimits limits) {
        var op = StoreBody.text(members, "op");
        if (op == null) {
            throw OperationBody.invalid("op", "The member \"op\" is missing.");
        }
        var known = new HashSet<>(COMMON);
        switch (op) {
            case "get", "delete" -> {}
            case "put" -> known.addAll(PUT);
            default -> {
                var own = OperationBody.members(op);
                if (own == null) {
                    throw OperationBody.invalid(
                            "op",
                            "op is get, put, delete or one of "
                                    + String.join(
                                            ", ",
                                            OperationBody.names().stream()
                                                    .sorted()
                                                    .toList()) + ".");
                }
                known.addAll(own);
            }
        }
        JsonBodies.refuseUnknown(members, known);
        var key = StoreBody.text(members, "key");
        if (key == null) {
            throw OperationBody.invalid("key", "The member \"key\" is missing.");
        }
        var bytes = Access.checked(ImportLine.keyBytes(key), limits);
        var conditions = conditions(members);
        return new Keyed(bytes, operation(op, members, conditions, limits));
    }

    private static Operation operation(String op, JsonMembers members, Conditions conditions, HttpLimits limits) {
        return switch (op) {
            case "get" -> new Operation.Get(conditions);
            case "delete" -> new Operation.Delete(conditions);
            case "put" -> {
                var contentType = StoreBody.text(members, "contentType");
                var body = ImportLine.PutBody.of(members, contentType, limits.recordBytes());
                long ttl = OperationBody.ttl(members, Ttl.KEEP);
                yield new Operation.Put(new Value.Inline(body.bytes()), body.contentType(), ttl, conditions);
            }
            default -> OperationBody.parseKnown(op, members, conditions, limits);
        };
    }

    private static Conditions conditions(JsonMembers members) {
        var ifMatch = members.node("ifMatch");
        var ifNoneMatch = StoreBody.text(members, "ifNoneMatch");
        if (ifNoneMatch != null && !ifNoneMatch.equals("*")) {
            throw OperationBody.invalid("ifNoneMatch", "ifNoneMatch can only be \"*\".");
        }
        if (ifMatch == null || ifMatch.isNull()) {
            return ifNoneMatch == null ? Conditions.NONE : Conditions.ABSENT;
        }
        long version = OperationBody.wholeNumber(ifMatch, "ifMatch");
        if (version < 1 || version > VERSION_MAX) {
            throw OperationBody.invalid("ifMatch", "ifMatch is a version: a positive whole number below 2^53.");
        }
        return new Conditions(Versions.of(version), ifNoneMatch == null ? null : Versions.ANY, -1);
    }
}
