// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

/**
 * The names of all errors that the native API can answer, each with its status code and its title. The names are a
 * contract with clients: they are never renamed.
 */
public enum ProblemType {
    MALFORMED("malformed", 400, "Malformed request"),
    INVALID_PARAMETER("invalid-parameter", 400, "Invalid parameter"),
    INVALID_KEY("invalid-key", 400, "Invalid key"),
    UNAUTHORIZED("unauthorized", 401, "Unauthorized"),
    FORBIDDEN("forbidden", 403, "Forbidden"),
    NOT_FOUND("not-found", 404, "Not found"),
    STORE_NOT_FOUND("store-not-found", 404, "Store not found"),
    RECORD_NOT_FOUND("record-not-found", 404, "Record not found"),
    METHOD_NOT_ALLOWED("method-not-allowed", 405, "Method not allowed"),
    REQUEST_TIMEOUT("request-timeout", 408, "Request timed out"),
    NAME_TAKEN("name-taken", 409, "Name taken"),
    HAS_DEPENDENTS("has-dependents", 409, "Store has dependents"),
    WRONG_TYPE("wrong-type", 409, "Wrong type of value"),
    CURSOR_EXPIRED("cursor-expired", 410, "Cursor expired"),
    VERSION_EXPIRED("version-expired", 410, "Version expired"),
    PRECONDITION_FAILED("precondition-failed", 412, "Precondition failed"),
    TOO_LARGE("too-large", 413, "Too large"),
    URI_TOO_LONG("uri-too-long", 414, "Request line too long"),
    UNSUPPORTED_MEDIA_TYPE("unsupported-media-type", 415, "Unsupported media type"),
    RANGE_NOT_SATISFIABLE("range-not-satisfiable", 416, "Range not satisfiable"),
    PATCH_FAILED("patch-failed", 422, "Patch failed"),
    IDEMPOTENCY_KEY_REUSED("idempotency-key-reused", 422, "Idempotency key reused"),
    RATE_LIMITED("rate-limited", 429, "Too many requests"),
    HEADERS_TOO_LARGE("headers-too-large", 431, "Request headers too large"),
    INTERNAL_ERROR("internal-error", 500, "Internal error"),
    NOT_IMPLEMENTED("not-implemented", 501, "Not implemented"),
    UNAVAILABLE("unavailable", 503, "Unavailable"),
    UNKNOWN_OUTCOME("unknown-outcome", 504, "Unknown outcome"),
    HTTP_VERSION("http-version", 505, "HTTP version not supported"),
    OUT_OF_SPACE("out-of-space", 507, "Out of space");

    private final String id;
    private final int status;
    private final String title;

    ProblemType(String id, int status, String title) {
        this.id = id;
        this.status = status;
        this.title = title;
    }

    /** The name in the API, such as {@code store-not-found}. */
    public String id() {
        return id;
    }

    /** What stands in the member {@code type} of the document. */
    public String urn() {
        return "urn:drey:problem:" + id;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }
}
