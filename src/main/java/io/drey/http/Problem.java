// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * An error as clients see it: a problem document of RFC 9457, with the response headers that belong to it. Immutable.
 * The factories are the only place where the texts and the headers of errors are written.
 *
 * @param type names the error and gives status and title
 * @param detail what went wrong this time; never blank, never the name of a class or a file
 * @param members the facts of this error in the order in which they are written
 * @param headers response headers besides Content-Type, by name
 */
public record Problem(ProblemType type, String detail, Map<String, JsonNode> members, Map<String, String> headers) {
    public static final String CONTENT_TYPE = "application/problem+json";

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final Set<String> STANDARD_MEMBERS = Set.of("type", "title", "status", "detail", "instance");

    public Problem {
        Objects.requireNonNull(type, "type");
        detail = detail == null || detail.isBlank() ? type.title() + "." : detail;
        members = Collections.unmodifiableMap(new LinkedHashMap<>(members));
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
    }

    /** A problem without facts and headers; a blank detail is replaced by the title. */
    public static Problem of(ProblemType type, String detail) {
        return new Problem(type, detail, Map.of(), Map.of());
    }

    public static Problem malformed(String detail) {
        return of(ProblemType.MALFORMED, detail);
    }

    public static Problem invalidParameter(String name, String detail) {
        return of(ProblemType.INVALID_PARAMETER, detail).with("parameter", name);
    }

    /** A key that is refused for what it is made of. */
    public static Problem invalidKey(String detail) {
        return of(ProblemType.INVALID_KEY, detail);
    }

    /** A key that is refused for its length; limit and actual are bytes of UTF-8. */
    public static Problem invalidKey(String detail, long limit, long actual) {
        return invalidKey(detail).with("limit", limit).with("actual", actual);
    }

    public static Problem unauthorized(String detail) {
        return of(ProblemType.UNAUTHORIZED, detail).withHeader("WWW-Authenticate", "Bearer");
    }

    public static Problem forbidden(String detail) {
        return of(ProblemType.FORBIDDEN, detail);
    }

    public static Problem notFound(String detail) {
        return of(ProblemType.NOT_FOUND, detail);
    }

    public static Problem storeNotFound(String store) {
        return of(ProblemType.STORE_NOT_FOUND, "There is no store with this name or id.")
                .with("store", store);
    }

    public static Problem recordNotFound(String key) {
        return of(ProblemType.RECORD_NOT_FOUND, "There is no record with this key.")
                .with("key", key);
    }

    /** @param allow the methods that the resource has, as they stand in the header Allow */
    public static Problem methodNotAllowed(String allow) {
        return of(ProblemType.METHOD_NOT_ALLOWED, allow.isEmpty() ? "" : "This path answers to " + allow + " only.")
                .withHeader("Allow", allow);
    }

    public static Problem requestTimeout() {
        return of(ProblemType.REQUEST_TIMEOUT, "The rest of the request did not arrive in time.");
    }

    public static Problem uriTooLong(long limit) {
        return of(ProblemType.URI_TOO_LONG, "The request line is longer than " + limit + " bytes.")
                .with("limit", limit);
    }

    public static Problem headersTooLarge(long limit) {
        return of(ProblemType.HEADERS_TOO_LARGE, "The headers together are larger than " + limit + " bytes.")
                .with("limit", limit);
    }

    public static Problem nameTaken(String name) {
        return of(ProblemType.NAME_TAKEN, "Another one has this name already.").with("name", name);
    }

    /** @param dependents the same items that the list of dependents has */
    public static Problem hasDependents(ArrayNode dependents) {
        return of(ProblemType.HAS_DEPENDENTS, "Something still uses this store; force=true deletes it all the same.")
                .with("dependents", dependents.deepCopy());
    }

    public static Problem wrongType(String found, String expected) {
        return of(
                        ProblemType.WRONG_TYPE,
                        "The record holds " + found + " where " + (expected == null ? "JSON" : expected)
                                + " is needed.")
                .with("found", found)
                .with("expected", expected);
    }

    /** @param cursor the position now, from which the caller can follow after listing */
    public static Problem cursorExpired(String cursor) {
        return of(ProblemType.CURSOR_EXPIRED, "Changes after this position are no longer kept; list, then follow.")
                .with("cursor", cursor);
    }

    public static Problem versionExpired(long version) {
        return of(ProblemType.VERSION_EXPIRED, "This version is older than the change log reaches back.")
                .with("version", version);
    }

    /** @param version the version now, null when the record is absent */
    public static Problem preconditionFailed(Long version) {
        var detail = version == null ? "The record is absent." : "The record now has version " + version + ".";
        return of(ProblemType.PRECONDITION_FAILED, detail)
                .with("version", version == null ? JSON.nullNode() : JSON.numberNode(version.longValue()));
    }

    /**
     * @param what the subject of the sentence, such as "The body"
     * @param actual what was counted, negative when counting stopped at the limit
     */
    public static Problem tooLarge(String what, long limit, long actual) {
        return of(ProblemType.TOO_LARGE, what + " is over the limit of " + limit + ".")
                .with("limit", limit)
                .with("actual", actual < 0 ? JSON.nullNode() : JSON.numberNode(actual));
    }

    public static Problem unsupportedMediaType(String detail) {
        return of(ProblemType.UNSUPPORTED_MEDIA_TYPE, detail);
    }

    /** @param acceptPatch the media types that PATCH understands here (RFC 5789 2.2) */
    public static Problem unsupportedMediaType(String detail, String acceptPatch) {
        return unsupportedMediaType(detail).withHeader("Accept-Patch", acceptPatch);
    }

    /** @param size the bytes that the representation has now */
    public static Problem rangeNotSatisfiable(long size) {
        return of(ProblemType.RANGE_NOT_SATISFIABLE, "The range lies outside of the " + size + " bytes of the record.")
                .with("size", size)
                .withHeader("Content-Range", "bytes */" + size);
    }

    public static Problem rateLimited(long retryAfterSeconds) {
        return of(ProblemType.RATE_LIMITED, "Too many requests; try again in " + retryAfterSeconds + " s.")
                .withHeader("Retry-After", Long.toString(retryAfterSeconds));
    }

    public static Problem patchFailed(String detail) {
        return of(ProblemType.PATCH_FAILED, detail);
    }

    public static Problem idempotencyKeyReused() {
        return of(ProblemType.IDEMPOTENCY_KEY_REUSED, "This idempotency key belongs to a different request.");
    }

    public static Problem internalError() {
        return of(ProblemType.INTERNAL_ERROR, "The server failed at this request; its log has the reason.");
    }

    public static Problem notImplemented(String detail) {
        return of(ProblemType.NOT_IMPLEMENTED, detail);
    }

    public static Problem httpVersion() {
        return of(ProblemType.HTTP_VERSION, "This server speaks HTTP/1.0, HTTP/1.1 and HTTP/2.");
    }

    /** @param reason what is waited for, in plain words */
    public static Problem unavailable(String reason, long retryAfterSeconds) {
        return of(ProblemType.UNAVAILABLE, "Nothing has happened; try again in " + retryAfterSeconds + " s.")
                .with("reason", reason)
                .withHeader("Retry-After", Long.toString(retryAfterSeconds));
    }

    public static Problem unknownOutcome() {
        return of(ProblemType.UNKNOWN_OUTCOME, "The change was sent, but whether it was committed is not known.")
                .with("outcome", "unknown");
    }

    public static Problem outOfSpace() {
        return of(ProblemType.OUT_OF_SPACE, "The durable store has no room left; deletes and reads go on.");
    }

    public int status() {
        return type.status();
    }

    public String title() {
        return type.title();
    }

    /** This problem with one more fact; the members of RFC 9457 cannot be replaced. */
    public Problem with(String name, JsonNode value) {
        if (STANDARD_MEMBERS.contains(name)) {
            throw new IllegalArgumentException(name + " is not a member of its own");
        }
        var more = new LinkedHashMap<>(members);
        more.put(name, value == null ? JSON.nullNode() : value);
        return new Problem(type, detail, more, headers);
    }

    public Problem with(String name, String value) {
        return with(name, value == null ? JSON.nullNode() : JSON.textNode(value));
    }

    public Problem with(String name, long value) {
        return with(name, JSON.numberNode(value));
    }

    public Problem withHeader(String name, String value) {
        var more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Problem(type, detail, members, more);
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }

    /** A fresh tree that the caller may add to. */
    public ObjectNode toJson() {
        var document = JSON.objectNode();
        document.put("type", type.urn());
        document.put("title", type.title());
        document.put("status", type.status());
        document.put("detail", detail);
        members.forEach((name, value) -> document.set(name, value.deepCopy()));
        return document;
    }

    /** The document in UTF-8. */
    public byte[] toBytes() {
        // By way of a string, because Jackson's UTF-8 writer throws at half a surrogate pair, which a client can send
        // as an escape.
        return toJson().toString().getBytes(StandardCharsets.UTF_8);
    }
}
