// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Directory.Account;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreListing;
import io.drey.ledger.Directory.StorePage;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.Use;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Rows of stores. */
final class StoreRows {
    private static final String SELECT = "select s.number, s.space, s.id, a.number, a.id, a.name, s.name, s.title,"
            + " s.ttl_millis, s.quota_records, s.quota_bytes, s.general_access, s.created_at, s.modified_at,"
            + " s.accessed_at, s.records, s.bytes, s.reads, s.writes, s.deletes, s.lists"
            + " from store s join account a on a.number = s.account where ";
    private static final String BY_NUMBER = SELECT + "s.number = ?";
    private static final String BY_ID = SELECT + "s.id = ?";
    private static final String BY_NAME = SELECT + "s.account = ? and s.name = ?";
    private static final String INSERT = "insert into store (space, id, account, name, title, ttl_millis,"
            + " quota_records, quota_bytes, general_access, created_at, modified_at, accessed_at)"
            + " values (0, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9, ?9)";
    private static final String SET_SPACE = "update store set space = ? where number = ?";
    private static final String UPDATE = "update store set name = ?, title = ?, ttl_millis = ?, quota_records = ?,"
            + " quota_bytes = ?, general_access = ?, modified_at = max(modified_at, ?) where number = ?";
    private static final String CLEAR = "update store set space = ?, records = 0, bytes = 0,"
            + " modified_at = max(modified_at, ?) where number = ?";
    private static final String DELETE = "delete from store where number = ?";
    private static final String ADD_USE = "update store set reads = reads + ?, writes = writes + ?,"
            + " deletes = deletes + ?, lists = lists + ?, accessed_at = max(accessed_at, ?) where number = ?";

    private StoreRows() {}

    static Store byNumber(Session session, long number) throws SQLException {
        return session.first(BY_NUMBER, StoreRows::store, number);
    }

    static Store byId(Session session, String id) throws SQLException {
        return session.first(BY_ID, StoreRows::store, id);
    }

    static Store byName(Session session, long account, String name) throws SQLException {
        return session.first(BY_NAME, StoreRows::store, account, name);
    }

    static long insert(Session session, NewStore store) throws SQLException {
        var settings = store.settings();
        session.update(
                INSERT,
                store.id(),
                store.account().number(),
                settings.name(),
                settings.title(),
                settings.ttlMillis(),
                settings.quotaRecords(),
                settings.quotaBytes(),
                settings.generalAccess(),
                store.now());
        return session.insertedId();
    }

    static void setSpace(Session session, long number, long space) throws SQLException {
        session.update(SET_SPACE, space, number);
    }

    static void update(Session session, long number, StoreSettings settings, long now) throws SQLException {
        session.update(
                UPDATE,
                settings.name(),
                settings.title(),
                settings.ttlMillis(),
                settings.quotaRecords(),
                settings.quotaBytes(),
                settings.generalAccess(),
                now,
                number);
    }

    static void clear(Session session, long number, long space, long now) throws SQLException {
        session.update(CLEAR, space, now, number);
    }

    static void delete(Session session, long number) throws SQLException {
        session.update(DELETE, number);
    }

    static void addUse(Session session, long number, Use use) throws SQLException {
        session.update(ADD_USE, use.reads(), use.writes(), use.deletes(), use.lists(), use.accessedAt(), number);
    }

    static StorePage page(Session session, StoreListing listing) throws SQLException {
        var filter = new StringBuilder("s.account = ?");
        var values = new ArrayList<Object>(List.of(listing.account()));
        if (!listing.unnamed()) {
            filter.append(" and s.name is not null");
        }
        if (listing.prefix() != null && !listing.prefix().isEmpty()) {
            filter.append(" and substr(s.name, 1, length(?)) = ?");
            values.add(listing.prefix());
            values.add(listing.prefix());
        }
        if (listing.ids() != null) {
            filter.append(" and s.id in (select value from json_each(?))");
            // Ids are letters and digits, so they need no escaping.
            values.add(listing.ids().isEmpty() ? "[]" : "[\"" + String.join("\",\"", listing.ids()) + "\"]");
        }
        long total = session.number("select count(*) from store s where " + filter, 0, values.toArray());
        String direction = listing.descending() ? " desc" : "";
        values.add(listing.limit());
        values.add(listing.offset());
        var items = session.all(
                SELECT + filter + " order by s.created_at" + direction + ", s.number" + direction + " limit ? offset ?",
                StoreRows::store,
                values.toArray());
        return new StorePage(items, total);
    }

    private static Store store(ResultSet row) throws SQLException {
        return new Store(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                new Account(row.getLong(4), row.getString(5), row.getString(6)),
                new StoreSettings(
                        row.getString(7),
                        row.getString(8),
                        row.getLong(9),
                        row.getLong(10),
                        row.getLong(11),
                        row.getString(12)),
                row.getLong(13),
                row.getLong(14),
                row.getLong(15),
                row.getLong(16),
                row.getLong(17),
                new Use(row.getLong(18), row.getLong(19), row.getLong(20), row.getLong(21), row.getLong(15)),
                false);
    }
}
