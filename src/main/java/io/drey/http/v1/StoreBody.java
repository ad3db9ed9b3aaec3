// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import com.fasterxml.jackson.databind.JsonNode;
import io.drey.http.Problem;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.model.JsonMembers;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What a request says about a store; members that are left out stay as they are, null unsets. */
final class StoreBody {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?");
    private static final Set<String> NEW = Set.of("name", "title", "ttl", "quota");
    private static final Set<String> CHANGED = Set.of("name", "title", "ttl", "quota", "generalAccess");
    private static final List<String> ACCESS =
            List.of("FOLLOW_USER_SETTING", "RESTRICTED", "ANYONE_WITH_ID_CAN_READ", "ANYONE_WITH_NAME_CAN_READ");
    private static final int TITLE_LENGTH_MAX = 200;
    private static final StoreSettings UNSET = new StoreSettings(null, null, 0, -1, -1, ACCESS.get(0));

    private final JsonMembers members;
    private final StoreSettings before;

    private StoreBody(JsonMembers members, StoreSettings before) {
        this.members = members;
        this.before = before;
    }

    static StoreSettings created(JsonMembers members) {
        JsonBodies.refuseUnknown(members, NEW);
        return new StoreBody(members, UNSET).settings();
    }

    static StoreSettings changed(JsonMembers members, StoreSettings before) {
        JsonBodies.refuseUnknown(members, CHANGED);
        return new StoreBody(members, before).settings();
    }

    /** Whether the text can name a store or an account. */
    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    private StoreSettings settings() {
        long ttl = members.has("ttl") ? ttl() : before.ttlMillis();
        var quota = members.node("quota");
        if (quota != null && !quota.isNull() && !quota.isObject()) {
            throw OperationBody.invalid("quota", "quota is an object with records and bytes, or null.");
        }
        if (quota != null && quota.isObject()) {
            quota.fieldNames().forEachRemaining(StoreBody::checkQuotaMember);
        }
        return new StoreSettings(
                name(),
                title(),
                ttl,
                quota(quota, "records", before.quotaRecords()),
                quota(quota, "bytes", before.quotaBytes()),
                generalAccess());
    }

    private static void checkQuotaMember(String name) {
        if (!name.equals("records") && !name.equals("bytes")) {
            throw JsonBodies.unknown(name, Set.of("records", "bytes"));
        }
    }

    private long ttl() {
        return "null".equals(members.typeOf("ttl")) ? 0 : OperationBody.ttl(members, 0);
    }

    /** As in a merge patch: what is left out stays, null unsets. */
    private static long quota(JsonNode quota, String name, long before) {
        var node = quota == null || quota.isNull() ? quota : quota.get(name);
        if (node == null) {
            return before;
        }
        if (node.isNull()) {
            return -1;
        }
        long number = OperationBody.wholeNumber(node, "quota." + name);
        if (number < 0) {
            throw OperationBody.invalid("quota." + name, "A quota is not negative.");
        }
        return number;
    }

    private String name() {
        if (!members.has("name")) {
            return before.name();
        }
        var name = text("name");
        if (name != null && !isName(name)) {
            throw OperationBody.invalid("name", "A name has 1 to 63 letters, digits and inner hyphens.");
        }
        return name;
    }

    private String title() {
        if (!members.has("title")) {
            return before.title();
        }
        var title = text("title");
        if (title != null && title.length() > TITLE_LENGTH_MAX) {
            throw Problem.tooLarge("The title, in characters", TITLE_LENGTH_MAX, title.length())
                    .exception();
        }
        return title;
    }

    private String generalAccess() {
        if (!members.has("generalAccess")) {
            return before.generalAccess();
        }
        var access = text("generalAccess");
        if (access == null) {
            return UNSET.generalAccess();
        }
        if (!ACCESS.contains(access)) {
            throw OperationBody.invalid("generalAccess", "generalAccess is one of " + String.join(", ", ACCESS) + ".");
        }
        return access;
    }

    /** Null for JSON null. */
    private String text(String name) {
        return text(members, name);
    }

    /** A member that is a string or null; null also when it is missing. */
    static String text(JsonMembers members, String name) {
        var node = members.node(name);
        if (node == null || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw OperationBody.invalid(name, name + " is a string.");
        }
        return node.textValue();
    }
}
