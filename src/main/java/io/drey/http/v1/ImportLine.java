// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Durations;
import io.drey.http.HttpLimits;
import io.drey.http.Problem;
import io.drey.http.ProblemException;
import io.drey.model.Conditions;
import io.drey.model.JsonChecker;
import io.drey.model.JsonMembers;
import io.drey.model.Limits;
import io.drey.model.MalformedJsonException;
import io.drey.model.MediaType;
import io.drey.model.Operation;
import io.drey.model.Ttl;
import io.drey.model.Value;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Base64;
import java.util.OptionalLong;

/** One line of an import: the key and what to put there. Throws a {@link ProblemException} that says what is wrong. */
record ImportLine(byte[] key, Operation.Put put, boolean expired) {
    static ImportLine parse(byte[] line, HttpLimits limits, long now) {
        JsonMembers members;
        try {
            members = JsonMembers.of(line, 0, line.length, limits.json().jsonDepthMax() + 1);
        } catch (MalformedJsonException e) {
            throw Problem.malformed("The line cannot be used: " + e.getMessage() + ".")
                    .exception();
        }
        var key = StoreBody.text(members, "key");
        if (key == null) {
            throw OperationBody.invalid("key", "The member \"key\" is missing.");
        }
        var bytes = Access.checked(keyBytes(key), limits);
        var expiresAt = expiresAt(members, now);
        boolean expired = expiresAt.isPresent() && expiresAt.getAsLong() <= now;
        long ttl = expiresAt.isPresent() && !expired ? Ttl.at(expiresAt.getAsLong()) : ttl(members);
        return new ImportLine(bytes, put(members, ttl, limits), expired);
    }

    /** Lone surrogates have no UTF-8 and must not turn into another key. */
    static byte[] keyBytes(String key) {
        var bytes = key.getBytes(StandardCharsets.UTF_8);
        if (!new String(bytes, StandardCharsets.UTF_8).equals(key)) {
            throw Problem.invalidKey("The key is not UTF-8.").exception();
        }
        return bytes;
    }

    private static long ttl(JsonMembers members) {
        return members.has("ttl") && !"null".equals(members.typeOf("ttl"))
                ? OperationBody.ttl(members, Ttl.KEEP)
                : Ttl.KEEP;
    }

    private static OptionalLong expiresAt(JsonMembers members, long now) {
        var text = StoreBody.text(members, "expiresAt");
        if (text == null) {
            return OptionalLong.empty();
        }
        if (members.has("ttl") && !"null".equals(members.typeOf("ttl"))) {
            throw OperationBody.invalid("ttl", "A line has ttl or expiresAt, not both.");
        }
        long instant;
        try {
            instant = OffsetDateTime.parse(text).toInstant().toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            throw OperationBody.invalid("expiresAt", "expiresAt is a time such as 2030-01-31T12:00:00.000Z.");
        }
        if (instant - now > Durations.TTL_MILLIS_MAX) {
            throw OperationBody.invalid("expiresAt", "expiresAt lies more than 100 years ahead.");
        }
        return OptionalLong.of(instant);
    }

    private static Operation.Put put(JsonMembers members, long ttl, HttpLimits limits) {
        var contentType = StoreBody.text(members, "contentType");
        var body = PutBody.of(members, contentType, limits.recordBytes());
        return new Operation.Put(new Value.Inline(body.bytes()), body.contentType(), ttl, Conditions.NONE);
    }

    /** The bytes and type of a value that comes as {@code value} or {@code base64}. */
    record PutBody(byte[] bytes, String contentType) {
        static PutBody of(JsonMembers members, String contentType, long bytesMax) {
            if (contentType != null && !MediaType.isValid(contentType)) {
                throw OperationBody.invalid("contentType", "contentType is not a media type.");
            }
            if (members.has("value") == members.has("base64")) {
                throw OperationBody.invalid("value", "There must be either value or base64.");
            }
            var body = members.has("value")
                    ? json(members.raw("value"), contentType)
                    : binary(StoreBody.text(members, "base64"), contentType);
            if (body.bytes().length > bytesMax) {
                throw Problem.tooLarge("The record", bytesMax, body.bytes().length)
                        .exception();
            }
            return body;
        }

        private static PutBody json(byte[] raw, String contentType) {
            if (contentType != null && !MediaType.isJson(contentType)) {
                throw OperationBody.invalid("contentType", "With value the content type must be JSON.");
            }
            return new PutBody(raw, contentType == null ? MediaType.JSON : shared(contentType));
        }

        private static PutBody binary(String base64, String contentType) {
            if (base64 == null) {
                throw OperationBody.invalid("base64", "base64 is a string.");
            }
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(base64);
            } catch (IllegalArgumentException e) {
                throw OperationBody.invalid("base64", "base64 does not follow RFC 4648, section 4.");
            }
            if (MediaType.isJson(contentType)) {
                checkJson(bytes);
            }
            return new PutBody(bytes, contentType == null ? MediaType.OCTET_STREAM : shared(contentType));
        }

        private static void checkJson(byte[] bytes) {
            try {
                JsonChecker.check(bytes, Limits.DEFAULT.jsonDepthMax());
            } catch (MalformedJsonException e) {
                throw Problem.malformed("The value is not JSON: " + e.getMessage() + ".")
                        .exception();
            }
        }

        private static String shared(String contentType) {
            return contentType.equals(MediaType.JSON) ? MediaType.JSON : contentType;
        }
    }
}
