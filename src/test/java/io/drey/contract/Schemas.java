// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.Validator;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** Validates values against schemas of the document; each schema is bundled once. Safe for use by many threads. */
final class Schemas {
    /** As strict as the contract about duplicates and trailing text, and open to the longest values it allows. */
    static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNumberLength(1 << 20)
                            .maxStringLength(1 << 28)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};

    private final OpenApiDocument document;
    private final Map<JsonNode, Validator> validators = new ConcurrentHashMap<>();

    Schemas(OpenApiDocument document) {
        this.document = document;
    }

    /** Reads JSON strictly; a wrong byte of UTF-8 is an error too. */
    static JsonNode parse(byte[] body) {
        try {
            var text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body));
            var value = JSON.readTree(text.toString());
            if (value.isMissingNode()) {
                throw new AssertionError("the body is empty where JSON is described");
            }
            return value;
        } catch (CharacterCodingException e) {
            throw new AssertionError("the body is not UTF-8", e);
        } catch (JsonProcessingException e) {
            throw new AssertionError("the body is not JSON: " + e.getOriginalMessage(), e);
        }
    }

    void check(String what, JsonNode schema, JsonNode value) {
        var validator = validators.computeIfAbsent(schema, this::compile);
        var output = validator.validate(plain(value));
        if (!output.getValid()) {
            var errors = output.getErrors().stream()
                    .map(error -> "  " + error.getInstanceLocation() + ": " + error.getError())
                    .distinct()
                    .collect(Collectors.joining("\n"));
            throw new AssertionError(what + " does not fit its schema:\n" + errors);
        }
    }

    private Validator compile(JsonNode schema) {
        var bundled = JSON.convertValue(document.inline(schema), MEMBERS);
        return Validator.create(
                JsonSchema.of(new JsonObject(bundled)),
                new JsonSchemaOptions()
                        .setBaseUri("https://drey.invalid/")
                        .setDraft(Draft.DRAFT202012)
                        .setOutputFormat(OutputFormat.Basic));
    }

    private static Object plain(JsonNode value) {
        if (value.isObject()) {
            return new JsonObject(JSON.convertValue(value, MEMBERS));
        }
        return value.isArray()
                ? new JsonArray(JSON.convertValue(value, List.class))
                : JSON.convertValue(value, Object.class);
    }
}
