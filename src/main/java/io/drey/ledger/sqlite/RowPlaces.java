// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.tables.Table;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HexFormat;

/** Says where a row belongs in the words of whoever owns the store: which record of which store. */
final class RowPlaces {
    private static final int CHUNK_BITS = 20;

    private final Session session;

    RowPlaces(Session session) {
        this.session = session;
    }

    String of(Table table, Object... row) throws SQLException {
        return switch (table) {
            case RECORD -> "the record " + key(row[1]) + " of " + storeOfSpace((Long) row[0]);
            case LOG ->
                "the log row " + row[0] + (row[3] == null ? "" : ", which tells of the key " + key(row[3])) + " of "
                        + storeOfSpace((Long) row[2]);
            default -> "a part of " + recordsOf((Long) row[0] >> CHUNK_BITS);
        };
    }

    private String storeOfSpace(long space) throws SQLException {
        String store = session.first(
                "select s.id, s.name from space p join store s on s.number = p.store where p.space = ?",
                row -> row.getString(1) + (row.getString(2) == null ? "" : " (" + row.getString(2) + ")"),
                space);
        return store == null ? "a store that is gone (space " + space + ")" : "store " + store;
    }

    private String recordsOf(long payload) throws SQLException {
        String record = session.first(
                "select space, key from record where payload = ? limit 1",
                row -> "the record " + key(row.getBytes(2)) + " of " + storeOfSpace(row.getLong(1)),
                payload);
        return record == null ? "the large value " + payload + ", which only the log names" : record;
    }

    /** As text where it is some that fits in a line, else in hexadecimal digits. */
    private static String key(Object key) {
        byte[] bytes = (byte[]) key;
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (text.chars().noneMatch(Character::isISOControl)) {
                return '"' + text + '"';
            }
        } catch (CharacterCodingException e) {
            // Not text.
        }
        return "0x" + HexFormat.of().formatHex(bytes);
    }
}
