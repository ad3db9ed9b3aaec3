// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.tables;

import static io.drey.ledger.tables.Column.bytes;
import static io.drey.ledger.tables.Column.number;
import static io.drey.ledger.tables.Column.text;

import java.util.List;
import java.util.Locale;

/** The tables of a ledger, each with its key columns first. A row is an array with one element for each column. */
public enum Table {
    SECRET(1, text("name"), bytes("value")),
    ACCOUNT(1, number("number"), text("id"), text("name")),
    STORE(
            1,
            number("number"),
            number("space"),
            text("id"),
            number("account"),
            text("name"),
            text("title"),
            number("ttl_millis"),
            number("quota_records"),
            number("quota_bytes"),
            text("general_access"),
            number("created_at"),
            number("modified_at"),
            number("accessed_at"),
            number("records"),
            number("bytes"),
            number("reads"),
            number("writes"),
            number("deletes"),
            number("lists")),
    SPACE(1, number("space"), number("store"), number("state"), number("opened_at"), number("cleared_at")),
    DEPENDENT(2, number("store"), text("name"), text("description"), text("url"), text("kind")),
    TOKEN(
            1,
            text("id"),
            bytes("hash"),
            text("name"),
            number("account"),
            text("scopes"),
            number("created_at"),
            number("expires_at"),
            number("last_used_at")),
    RECORD(
            2,
            number("space"),
            bytes("key"),
            number("version"),
            number("size"),
            number("created_at"),
            number("modified_at"),
            number("expires_at"),
            text("content_type"),
            number("payload"),
            bytes("value")),
    TOMBSTONE(2, number("space"), bytes("key"), number("position"), number("alive")),
    LOG(
            1,
            number("position"),
            number("store"),
            number("space"),
            bytes("key"),
            number("kind"),
            text("operation"),
            number("time"),
            number("previous"),
            number("prior"),
            number("size"),
            text("content_type"),
            number("payload"),
            text("batch"),
            number("operation_id"),
            number("records"),
            number("weight"),
            bytes("value")),
    PAYLOAD(
            1,
            number("id"),
            number("size"),
            number("chunks"),
            number("touched_at"),
            number("bound"),
            number("refs"),
            number("unreferenced_at")),
    /** The id is that of the payload times 2^20, plus the index. */
    CHUNK(1, number("id"), bytes("bytes")),
    ANSWER(
            3,
            number("account"),
            text("key"),
            number("part"),
            bytes("fingerprint"),
            number("version"),
            number("created_at"),
            bytes("content"));

    private final List<Column> columns;
    private final int keys;

    Table(int keys, Column... columns) {
        this.keys = keys;
        this.columns = List.of(columns);
    }

    /** As both databases call it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    public List<Column> columns() {
        return columns;
    }

    /** How many columns, from the first on, tell a row from all others. */
    public int keys() {
        return keys;
    }
}
