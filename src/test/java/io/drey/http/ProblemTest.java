// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTest {
    private static final List<Problem> ALL = List.of(
            Problem.malformed("d"),
            Problem.invalidParameter("limit", "d"),
            Problem.invalidKey("d", 512, 513),
            Problem.unauthorized("d"),
            Problem.forbidden("d"),
            Problem.notFound("d"),
            Problem.storeNotFound("s"),
            Problem.recordNotFound("k"),
            Problem.methodNotAllowed("GET, HEAD"),
            Problem.requestTimeout(),
            Problem.uriTooLong(16_384),
            Problem.headersTooLarge(32_768),
            Problem.nameTaken("n"),
            Problem.hasDependents(JsonNodeFactory.instance.arrayNode()),
            Problem.wrongType("string", "number"),
            Problem.cursorExpired("c"),
            Problem.versionExpired(3),
            Problem.preconditionFailed(7L),
            Problem.tooLarge("The body", 10, 11),
            Problem.unsupportedMediaType("d", "application/merge-patch+json"),
            Problem.rangeNotSatisfiable(10),
            Problem.rateLimited(2),
            Problem.patchFailed("d"),
            Problem.idempotencyKeyReused(),
            Problem.internalError(),
            Problem.notImplemented("d"),
            Problem.httpVersion(),
            Problem.unavailable("the durable store is unreachable", 1),
            Problem.unknownOutcome(),
            Problem.outOfSpace());

    @Test
    void everyNameHasItsFactoryAndEveryDocumentItsFourMembers() throws IOException {
        var seen = new HashSet<ProblemType>();
        for (var problem : ALL) {
            seen.add(problem.type());
            var json = new ObjectMapper().readTree(problem.toBytes());
            assertThat(json.get("type").textValue()).startsWith("urn:drey:problem:");
            assertThat(json.get("title").textValue()).isNotBlank();
            assertThat(json.get("status").intValue()).isEqualTo(problem.status());
            assertThat(json.get("detail").textValue()).isNotBlank();
        }
        assertThat(seen).containsExactlyInAnyOrder(ProblemType.values());
        assertThat(Arrays.stream(ProblemType.values()).map(ProblemType::id)).doesNotHaveDuplicates();
    }

    @Test
    void blankDetailIsReplaced() {
        assertThat(Problem.forbidden(" ").detail()).isEqualTo("Forbidden.");
        assertThat(Problem.notFound(null).detail()).isNotBlank();
        assertThat(Problem.methodNotAllowed("").detail()).isNotBlank();
    }

    @Test
    void headersBelongToTheirProblems() {
        assertThat(Problem.unauthorized("d").headers()).containsEntry("WWW-Authenticate", "Bearer");
        assertThat(Problem.methodNotAllowed("GET").headers()).containsEntry("Allow", "GET");
        assertThat(Problem.unavailable("r", 3).headers()).containsEntry("Retry-After", "3");
        assertThat(Problem.rateLimited(4).headers()).containsEntry("Retry-After", "4");
        assertThat(Problem.rangeNotSatisfiable(9).headers()).containsEntry("Content-Range", "bytes */9");
        assertThat(Problem.unsupportedMediaType("d", "a/b").headers()).containsEntry("Accept-Patch", "a/b");
        assertThat(Problem.unsupportedMediaType("d").headers()).isEmpty();
    }

    @Test
    void factsAreMembersInTheirOrderAndAbsentOnesAreNull() {
        assertThat(Problem.invalidKey("d", 512, 600).toJson().toString())
                .endsWith("\"detail\":\"d\",\"limit\":512,\"actual\":600}");
        assertThat(Problem.preconditionFailed(null).toJson().get("version").isNull())
                .isTrue();
        assertThat(Problem.preconditionFailed(1L << 52).toJson().get("version").longValue())
                .isEqualTo(1L << 52);
        assertThat(Problem.tooLarge("It", 5, -1).toJson().get("actual").isNull())
                .isTrue();
    }

    @Test
    void changingOneLeavesTheOthersAlone() {
        var problem = Problem.malformed("d");
        var more = problem.with("line", 3).withHeader("A", "b");
        more.toJson().put("line", 4);
        assertThat(problem.members()).isEmpty();
        assertThat(more.toJson().get("line").intValue()).isEqualTo(3);
        assertThatThrownBy(() -> problem.with("status", 200)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> more.members().clear()).isInstanceOf(UnsupportedOperationException.class);
    }

    @Test
    void halfSurrogatePairsDoNotBreakTheDocument() throws IOException {
        var bytes = Problem.recordNotFound("a\ud800b\u0000\u20ac").toBytes();
        assertThat(Utf8.isValid(bytes)).isTrue();
        assertThat(new ObjectMapper().readTree(bytes).get("key").textValue()).isEqualTo("a?b\u0000\u20ac");
    }

    @Test
    void exceptionCarriesTheProblemWithoutStackTrace() {
        var exception = Problem.forbidden("d").exception();
        assertThat(exception.problem()).isEqualTo(Problem.forbidden("d"));
        assertThat(exception.getStackTrace()).isEmpty();
        assertThat(exception).hasMessage("forbidden: d");
    }
}
