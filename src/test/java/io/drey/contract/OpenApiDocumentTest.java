// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** What the description owes to its readers, people and programs, apart from being right about the server. */
class OpenApiDocumentTest {
    private static final OpenApiDocument DOCUMENT = OpenApiDocument.load();
    private static final Set<String> METHODS = Set.of("get", "head", "put", "post", "patch", "delete");
    private static final Set<String> WRITES = Set.of("put", "post", "patch", "delete");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^}]+)}");

    @Test
    void everyReferenceLeadsSomewhere() {
        DOCUMENT.root().findParents("$ref").forEach(node -> assertThatCode(() -> DOCUMENT.inline(node))
                .as(node.toString())
                .doesNotThrowAnyException());
    }

    @Test
    void aReferenceToNothingIsAnError() {
        var document = new OpenApiDocument(Schemas.parse("{\"a\":{\"$ref\":\"#/b\"}}".getBytes()));
        assertThatThrownBy(() -> document.inline(document.root())).hasMessageContaining("#/b");
    }

    @Test
    void operationsHaveUniqueIdsAndWords() {
        var ids = DOCUMENT.root().path("paths").findValuesAsText("operationId");
        assertThat(ids).doesNotHaveDuplicates();
        forEachOperation((name, operation) -> assertThat(List.of("operationId", "summary", "description", "tags"))
                .as(name)
                .allMatch(operation::has));
    }

    @Test
    void everyPlaceholderIsAParameter() {
        DOCUMENT.root().path("paths").properties().forEach(path -> {
            var names = PLACEHOLDER.matcher(path.getKey()).results().map(match -> match.group(1));
            var parameters = path.getValue().path("parameters");
            assertThat(names)
                    .allSatisfy(name -> assertThat(parameters).as(path.getKey()).anySatisfy(parameter -> {
                        assertThat(DOCUMENT.resolve(parameter).path("name").asText())
                                .isEqualTo(name);
                        assertThat(DOCUMENT.resolve(parameter).path("required").asBoolean())
                                .isTrue();
                    }));
        });
    }

    @Test
    void everyErrorIsAProblem() {
        forEachResponse((name, response) -> {
            var status = name.substring(name.lastIndexOf(' ') + 1);
            // What asks for readiness is a machine that expects the same shape up and down.
            var isProblem = status.compareTo("400") >= 0 && !name.equals("get /health/ready 503");
            if (isProblem) {
                var schema = response.path("content")
                        .path("application/problem+json")
                        .path("schema");
                assertThat(schema.toString()).as(name).contains("#/components/schemas/Problem\"");
                assertThat(response.path("content")).as(name).hasSize(1);
            }
        });
    }

    @Test
    void everyResponseAndParameterIsExplained() {
        forEachResponse((name, response) ->
                assertThat(response.path("description").asText()).as(name).isNotBlank());
        DOCUMENT.root().findValues("parameters").stream()
                .filter(JsonNode::isArray)
                .flatMap(parameters -> StreamSupport.stream(parameters.spliterator(), false))
                .map(DOCUMENT::resolve)
                .forEach(parameter -> assertThat(List.of("name", "in", "description", "schema"))
                        .as(parameter.toString())
                        .allMatch(parameter::has));
    }

    @Test
    void successOfAWriteTellsItsDurability() {
        forEachResponse((name, response) -> {
            var words = name.split(" ");
            if (WRITES.contains(words[0]) && words[2].startsWith("2")) {
                assertThat(response.path("headers").has("Durability")).as(name).isTrue();
            }
        });
    }

    @Test
    void whatNeedsATokenMayBeRefused() {
        forEachOperation((name, operation) -> {
            var isOpen = operation.has("security") && operation.path("security").isEmpty();
            assertThat(operation.path("responses").has("401")).as(name).isNotEqualTo(isOpen);
            assertThat(operation.path("responses").has("503") || isOpen)
                    .as(name)
                    .isTrue();
        });
    }

    @Test
    void everyOperationHasAnExample() {
        forEachOperation((name, operation) -> {
            var hasNoContent =
                    name.startsWith("delete") && operation.path("responses").has("204");
            assertThat(operation.findValue("example") != null || hasNoContent)
                    .as(name)
                    .isTrue();
        });
    }

    @Test
    void everyExampleFitsItsSchema() {
        var schemas = new Schemas(DOCUMENT);
        for (var holder : DOCUMENT.root().findParents("example")) {
            if (holder.has("x-line-schema")) {
                holder.path("example")
                        .asText()
                        .lines()
                        .forEach(line ->
                                schemas.check(line, holder.path("x-line-schema"), Schemas.parse(line.getBytes())));
            } else if (holder.has("schema")) {
                schemas.check(holder.toString(), holder.path("schema"), holder.path("example"));
            } else {
                schemas.check(holder.toString(), holder, holder.path("example"));
            }
        }
    }

    @Test
    void everyProblemExampleHasANameOfItsStatus() {
        DOCUMENT.root().findValues("application/problem+json").forEach(content -> {
            var example = content.path("example");
            Problems.check(example.path("status").asInt(), example);
        });
    }

    @Test
    void keysOfTheDocumentAreUnderstood() {
        assertThat(DOCUMENT.root().path("openapi")).isEqualTo(new TextNode("3.1.0"));
        forEachOperation((name, operation) -> assertThat(METHODS).contains(name.split(" ")[0]));
    }

    private static void forEachResponse(BiConsumer<String, JsonNode> check) {
        forEachOperation((name, operation) -> operation
                .path("responses")
                .properties()
                .forEach(response ->
                        check.accept(name + " " + response.getKey(), DOCUMENT.resolve(response.getValue()))));
        DOCUMENT.root()
                .path("x-any-request")
                .properties()
                .forEach(response ->
                        check.accept("any request " + response.getKey(), DOCUMENT.resolve(response.getValue())));
    }

    private static void forEachOperation(BiConsumer<String, JsonNode> check) {
        for (Map.Entry<String, JsonNode> path : DOCUMENT.root().path("paths").properties()) {
            path.getValue().properties().stream()
                    .filter(member -> !member.getKey().equals("parameters"))
                    .forEach(operation -> check.accept(operation.getKey() + " " + path.getKey(), operation.getValue()));
        }
    }
}
