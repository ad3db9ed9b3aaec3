// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.OptionalLong;

/**
 * The conditions and the range of a GET or HEAD, evaluated against a present representation in the order of RFC 9110,
 * 13.2.2. A date that is none is ignored, as is a range that is none.
 */
public final class ReadConditions {
    private static final CharSequence RANGE = HttpHeaders.createOptimized("range");
    private static final CharSequence IF_RANGE = HttpHeaders.createOptimized("if-range");
    private static final CharSequence IF_UNMODIFIED_SINCE = HttpHeaders.createOptimized("if-unmodified-since");

    private static final ReadConditions NONE =
            new ReadConditions(null, null, OptionalLong.empty(), OptionalLong.empty(), null, null);

    private final EntityTags ifMatch;
    private final EntityTags ifNoneMatch;
    private final OptionalLong ifModifiedSince;
    private final OptionalLong ifUnmodifiedSince;
    private final String ifRange;
    private final String range;

    private ReadConditions(
            EntityTags ifMatch,
            EntityTags ifNoneMatch,
            OptionalLong ifModifiedSince,
            OptionalLong ifUnmodifiedSince,
            String ifRange,
            String range) {
        this.ifMatch = ifMatch;
        this.ifNoneMatch = ifNoneMatch;
        this.ifModifiedSince = ifModifiedSince;
        this.ifUnmodifiedSince = ifUnmodifiedSince;
        this.ifRange = ifRange;
        this.range = range;
    }

    /**
     * @param head whether the method is HEAD, for which a range means nothing (RFC 9110, 14.2)
     * @throws ProblemException 400 when If-Match or If-None-Match is malformed
     */
    public static ReadConditions of(MultiMap headers, boolean head) {
        boolean ranged = !head && headers.contains(RANGE);
        if (!ranged
                && !headers.contains(HttpHeaders.IF_MATCH)
                && !headers.contains(HttpHeaders.IF_NONE_MATCH)
                && !headers.contains(HttpHeaders.IF_MODIFIED_SINCE)
                && !headers.contains(IF_UNMODIFIED_SINCE)) {
            return NONE;
        }
        return new ReadConditions(
                tags(headers.getAll(HttpHeaders.IF_MATCH)),
                tags(headers.getAll(HttpHeaders.IF_NONE_MATCH)),
                date(headers.getAll(HttpHeaders.IF_MODIFIED_SINCE)),
                date(headers.getAll(IF_UNMODIFIED_SINCE)),
                ranged && headers.contains(IF_RANGE)
                        ? String.join(",", headers.getAll(IF_RANGE)).strip()
                        : null,
                ranged ? String.join(",", headers.getAll(RANGE)).strip() : null);
    }

    /** Whether no header asks for anything but the whole representation. */
    public boolean areNone() {
        return this == NONE;
    }

    /** Whether a part is asked for: such an answer is never compressed. */
    public boolean hasRange() {
        return range != null;
    }

    /** @param modifiedAt milliseconds since 1970 */
    public ReadDecision evaluate(long version, long modifiedAt, long size) {
        return this == NONE ? ReadDecision.FULL : evaluate(version, modifiedAt, size, System.currentTimeMillis());
    }

    ReadDecision evaluate(long version, long modifiedAt, long size, long now) {
        long lastModified = Math.floorDiv(modifiedAt, 1000L) * 1000;
        if (ifMatch != null) {
            if (!ifMatch.strongMatch(version)) {
                return ReadDecision.FAILED;
            }
        } else if (ifUnmodifiedSince.isPresent() && lastModified > ifUnmodifiedSince.getAsLong()) {
            return ReadDecision.FAILED;
        }
        if (ifNoneMatch != null) {
            if (ifNoneMatch.weakMatch(version)) {
                return ReadDecision.NOT_MODIFIED;
            }
        } else if (ifModifiedSince.isPresent() && lastModified <= ifModifiedSince.getAsLong()) {
            return ReadDecision.NOT_MODIFIED;
        }
        if (range == null || !isRangeUnchanged(version, lastModified, now)) {
            return ReadDecision.FULL;
        }
        return ByteRange.decide(range, size);
    }

    /** Whether If-Range is absent or names exactly this representation; what is neither tag nor date names none. */
    private boolean isRangeUnchanged(long version, long lastModified, long now) {
        if (ifRange == null) {
            return true;
        }
        if (ifRange.startsWith("\"")) {
            return ifRange.equals(EntityTags.of(version));
        }
        var date = HttpDate.parse(ifRange, now);
        // Within the second of the change the date could name two representations: then it is not strong (RFC 9110,
        // 8.8.2.2).
        return date.isPresent() && date.getAsLong() == lastModified && now >= lastModified + 1000;
    }

    private static EntityTags tags(List<String> lines) {
        return lines.isEmpty() ? null : EntityTags.parse(lines);
    }

    private static OptionalLong date(List<String> lines) {
        return lines.size() == 1 ? HttpDate.parse(lines.get(0).strip()) : OptionalLong.empty();
    }
}
