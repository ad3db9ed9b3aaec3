// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.drey.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Writes JSON that holds values whose bytes are kept as they stand. */
final class JsonOut {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    private final JsonGenerator generator;

    JsonOut() {
        try {
            generator = Json.mapper().getFactory().createGenerator(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** ISO 8601 in UTC with milliseconds. */
    static String time(long millis) {
        return TIME.format(Instant.ofEpochMilli(millis));
    }

    JsonOut object() {
        return run(generator::writeStartObject);
    }

    JsonOut object(String name) {
        return run(() -> generator.writeObjectFieldStart(name));
    }

    JsonOut endObject() {
        return run(generator::writeEndObject);
    }

    JsonOut array(String name) {
        return run(() -> generator.writeArrayFieldStart(name));
    }

    JsonOut endArray() {
        return run(generator::writeEndArray);
    }

    JsonOut text(String name, String value) {
        return run(() -> generator.writeStringField(name, value));
    }

    JsonOut text(String value) {
        return run(() -> generator.writeString(value));
    }

    JsonOut number(String name, long value) {
        return run(() -> generator.writeNumberField(name, value));
    }

    JsonOut number(String name, double value) {
        return run(() -> generator.writeNumberField(name, value));
    }

    JsonOut bool(String name, boolean value) {
        return run(() -> generator.writeBooleanField(name, value));
    }

    JsonOut nul(String name) {
        return run(() -> generator.writeNullField(name));
    }

    /** Null when {@code absent}. */
    JsonOut numberOrNull(String name, long value, long absent) {
        return value == absent ? nul(name) : number(name, value);
    }

    /** Null for 0. */
    JsonOut timeOrNull(String name, long millis) {
        return millis == 0 ? nul(name) : text(name, time(millis));
    }

    JsonOut base64(String name, byte[] value) {
        return run(() -> generator.writeBinaryField(name, value));
    }

    JsonOut tree(String name, JsonNode value) {
        return raw(name, Json.write(value));
    }

    /** A member whose value is JSON already. */
    JsonOut raw(String name, byte[] json) {
        return run(() -> {
            generator.writeFieldName(name);
            writeRaw(json);
        });
    }

    /** An element that is JSON already. */
    JsonOut raw(byte[] json) {
        return run(() -> writeRaw(json));
    }

    private void writeRaw(byte[] json) throws IOException {
        generator.writeRawValue("");
        generator.flush();
        bytes.write(json);
    }

    /** How much was written so far, in bytes. */
    int size() {
        run(generator::flush);
        return bytes.size();
    }

    byte[] bytes() {
        run(generator::flush);
        return bytes.toByteArray();
    }

    /** Everything since the last call, for what is sent in pieces. */
    byte[] take() {
        var taken = bytes();
        bytes.reset();
        return taken;
    }

    /** Everything so far and a line break. */
    byte[] line() {
        run(generator::flush);
        bytes.write('\n');
        return bytes.toByteArray();
    }

    private JsonOut run(Writing writing) {
        try {
            writing.write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private interface Writing {
        void write() throws IOException;
    }
}
