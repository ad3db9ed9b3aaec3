// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.ChangeLog.Kind;
import io.drey.ledger.Directory.Cleared;
import io.drey.ledger.Directory.Deleted;
import io.drey.ledger.Directory.HasDependents;
import io.drey.ledger.Directory.Made;
import io.drey.ledger.Directory.NameTaken;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.NoStore;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreDeletion;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.StoreUpdate;
import io.drey.ledger.Directory.Updated;
import java.sql.SQLException;

/** What changes a store as a whole; each is logged. Within a transaction of the writer. */
final class StoreChanges {
    private StoreChanges() {}

    static Made<Store> create(Turn turn, NewStore wanted) throws SQLException {
        var session = turn.session();
        String name = wanted.settings().name();
        Store same =
                name == null ? null : StoreRows.byName(session, wanted.account().number(), name);
        if (same == null) {
            same = StoreRows.byId(session, wanted.id());
        }
        if (same != null) {
            return new Made<>(same, false);
        }
        long number = StoreRows.insert(session, wanted);
        long space = Spaces.open(session, number, turn.position());
        StoreRows.setSpace(session, number, space);
        LogRows.appendStore(turn, number, space, Kind.STORE_CREATED, "create", wanted.now(), 0);
        return new Made<>(StoreRows.byNumber(session, number), true);
    }

    static StoreUpdate update(Turn turn, long number, StoreSettings settings, long now) throws SQLException {
        var session = turn.session();
        Store store = StoreRows.byNumber(session, number);
        if (store == null) {
            return new NoStore();
        }
        if (settings.name() != null) {
            Store same = StoreRows.byName(session, store.account().number(), settings.name());
            if (same != null && same.number() != number) {
                return new NameTaken();
            }
        }
        StoreRows.update(session, number, settings, now);
        LogRows.appendStore(turn, number, store.space(), Kind.STORE_UPDATED, "update", now, 0);
        return new Updated(StoreRows.byNumber(session, number));
    }

    static StoreDeletion delete(Turn turn, long number, boolean force, long now) throws SQLException {
        var session = turn.session();
        Store store = StoreRows.byNumber(session, number);
        if (store == null) {
            return new NoStore();
        }
        var dependents = DependentRows.all(session, number);
        if (!force && !dependents.isEmpty()) {
            return new HasDependents(dependents);
        }
        DependentRows.deleteAll(session, number);
        StoreRows.delete(session, number);
        Spaces.dropAll(session, number);
        LogRows.appendStore(turn, number, store.space(), Kind.STORE_DELETED, "delete", now, 0);
        return new Deleted();
    }

    /** Null when the store is gone. */
    static Cleared clear(Turn turn, long number, long now) throws SQLException {
        var session = turn.session();
        Store store = StoreRows.byNumber(session, number);
        if (store == null) {
            return null;
        }
        long position =
                LogRows.appendStore(turn, number, store.space(), Kind.STORE_CLEARED, "clear", now, store.records());
        Spaces.clear(session, store.space(), position);
        StoreRows.clear(session, number, Spaces.open(session, number, position), now);
        return new Cleared(StoreRows.byNumber(session, number), store.records(), position);
    }
}
