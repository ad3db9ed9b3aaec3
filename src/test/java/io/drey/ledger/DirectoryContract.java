// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.drey.ledger.Directory.Dependent;
import io.drey.ledger.Directory.HasDependents;
import io.drey.ledger.Directory.NameTaken;
import io.drey.ledger.Directory.NewStore;
import io.drey.ledger.Directory.NewToken;
import io.drey.ledger.Directory.NoStore;
import io.drey.ledger.Directory.Once;
import io.drey.ledger.Directory.Store;
import io.drey.ledger.Directory.StoreListing;
import io.drey.ledger.Directory.StoreSettings;
import io.drey.ledger.Directory.Token;
import io.drey.ledger.Directory.Updated;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Accounts, stores, dependents, tokens. */
abstract class DirectoryContract extends LedgerFixture {
    @Test
    void accountIsMadeOnce() {
        assertThat(await(ledger.directory().account("none", false))).isNull();
        var made = await(ledger.directory().account("new", true));
        assertThat(made.id()).matches("[A-Za-z0-9]{17}");
        assertThat(await(ledger.directory().account("new", true))).isEqualTo(made);
        assertThat(await(ledger.directory().account("new", false))).isEqualTo(made);
    }

    @Test
    void storeIsAsItWasMade() {
        var settings = new StoreSettings("shop", "The shop", 5_000, 10, 20, "PUBLIC");
        var made = await(ledger.directory().createStore(new NewStore("A1", account, settings, 123), null));
        assertThat(made.created()).isTrue();
        Store found = await(ledger.directory().storeById("A1"));
        assertThat(found).isEqualTo(made.value());
        assertThat(found.settings()).isEqualTo(settings);
        assertThat(found.account()).isEqualTo(account);
        assertThat(List.of(found.createdAt(), found.modifiedAt(), found.accessedAt()))
                .containsOnly(123L);
        assertThat(await(ledger.directory().storeByName(account.number(), "shop")))
                .isEqualTo(found);
        assertThat(await(ledger.directory().storeByName(account.number(), "Shop")))
                .isNull();
    }

    @Test
    void storeOfThatNameIsAnsweredUnchanged() {
        var again = new NewStore(newId(), account, new StoreSettings("main", "other", 1, 1, 1, "X"), 9);
        var made = await(ledger.directory().createStore(again, null));
        assertThat(made.created()).isFalse();
        assertThat(made.value()).isEqualTo(store);
        assertThat(await(ledger.directory().storeById(again.id()))).isNull();
    }

    @Test
    void namesAreUniqueWithinAnAccountOnly() {
        var other = await(ledger.directory().account("other", true));
        var wanted = new NewStore(newId(), other, settings("main", -1, -1), 9);
        assertThat(await(ledger.directory().createStore(wanted, null)).created())
                .isTrue();
        assertThat(newStore(UNBOUND).number()).isNotEqualTo(newStore(UNBOUND).number());
    }

    @Test
    void storeOfThatIdIsAnsweredUnchanged() {
        var again = new NewStore(store.id(), account, UNBOUND, 9);
        assertThat(await(ledger.directory().createStore(again, null)).created()).isFalse();
        assertThat(fresh().settings().name()).isEqualTo("main");
    }

    @Test
    void updateReplacesSettings() {
        long later = store.modifiedAt() + 10;
        var wanted = new StoreSettings("renamed", "Title", 7, 8, 9, "PUBLIC");
        var update = (Updated) await(ledger.directory().updateStore(store.number(), wanted, later, null, null));
        assertThat(update.store().settings()).isEqualTo(wanted);
        assertThat(fresh()).isEqualTo(update.store());
        assertThat(fresh().modifiedAt()).isEqualTo(later);
        assertThat(fresh().space()).isEqualTo(store.space());
    }

    @Test
    void updateToATakenNameIsRefused() {
        Store other = newStore(settings("other", -1, -1));
        assertThat(await(ledger.directory().updateStore(other.number(), store.settings(), 1, null, null)))
                .isEqualTo(new NameTaken());
        assertThat(await(ledger.directory().updateStore(other.number(), other.settings(), 1, null, null)))
                .isInstanceOf(Updated.class);
        assertThat(await(ledger.directory().updateStore(9_999, other.settings(), 1, null, null)))
                .isEqualTo(new NoStore());
    }

    @Test
    void deletedStoreIsGoneWithItsRecords() {
        var key = key("a");
        put(key, "1");
        await(ledger.directory().deleteStore(store.number(), false, 1, null, null));
        assertThat(await(ledger.directory().storeById(store.id()))).isNull();
        assertThat(await(ledger.directory().storeByName(account.number(), "main")))
                .isNull();
        assertThat(load(key)).isNull();
        assertThat(await(ledger.directory().deleteStore(store.number(), false, 1, null, null)))
                .isEqualTo(new NoStore());
        assertThat(newStore(settings("main", -1, -1)).number()).isGreaterThan(store.number());
    }

    @Test
    void dependentsHoldAStoreUnlessForced() {
        var dependent = new Dependent("report", "nightly", "http://x", "manual");
        assertThat(await(ledger.directory().putDependent(store.number(), dependent, null)))
                .isTrue();
        var other = new Dependent("report", null, null, "manual");
        assertThat(await(ledger.directory().putDependent(store.number(), other, null)))
                .isFalse();
        assertThat(await(ledger.directory().dependents(store.number()))).containsExactly(other);
        assertThat(await(ledger.directory().deleteStore(store.number(), false, 1, null, null)))
                .isEqualTo(new HasDependents(List.of(other)));
        assertThat(fresh()).isNotNull();
        await(ledger.directory().deleteStore(store.number(), true, 1, null, null));
        assertThat(fresh()).isNull();
        assertThat(await(ledger.directory().putDependent(store.number(), other, null)))
                .isNull();
    }

    @Test
    void dependentIsDeletedOnce() {
        await(ledger.directory().putDependent(store.number(), new Dependent("a", null, null, "webhook"), null));
        assertThat(await(ledger.directory().deleteDependent(store.number(), "a", null)))
                .isTrue();
        assertThat(await(ledger.directory().deleteDependent(store.number(), "a", null)))
                .isFalse();
    }

    @Test
    void clearGivesANewSpaceAndEmptiesAtOnce() {
        put("a", "12");
        put("b", "3");
        var cleared = await(ledger.directory().clearStore(store.number(), ledger.now(), null, null));
        assertThat(cleared.records()).isEqualTo(2);
        assertThat(cleared.version()).isEqualTo(await(ledger.log().range()).last());
        assertThat(cleared.store().space()).isNotEqualTo(store.space());
        assertThat(cleared.store().records()).isZero();
        assertThat(cleared.store().bytes()).isZero();
        store = cleared.store();
        assertThat(load(key("a"))).isNull();
        assertThat(put("a", "1")).isGreaterThan(cleared.version());
        assertThat(await(ledger.directory().clearStore(9_999, 1, null, null))).isNull();
    }

    @Test
    void sweepOfClearedSpacesLeavesTheNewOneAlone() {
        for (int i = 0; i < 25; i++) {
            put("k" + i, "1");
        }
        store = await(ledger.directory().clearStore(store.number(), ledger.now(), null, null))
                .store();
        put("k1", "new");
        assertThat(await(ledger.directory().sweepSpaces(10))).isEqualTo(10);
        sweepSpaces();
        assertThat(string(load(key("k1")))).isEqualTo("new");
        assertThat(fresh().records()).isEqualTo(1);
        assertThat(await(ledger.directory().sweepSpaces(10))).isZero();
    }

    @Test
    void storesAreListedByCreation() {
        newStore(UNBOUND);
        newStore(settings("mart", -1, -1));
        newStore(settings("zoo", -1, -1));
        assertThat(names(new StoreListing(account.number(), 0, 10, false, false, "", null)))
                .containsExactly("main", "mart", "zoo");
        assertThat(names(new StoreListing(account.number(), 0, 10, true, false, "ma", null)))
                .containsExactly("mart", "main");
        assertThat(names(new StoreListing(account.number(), 0, 10, false, true, "", null)))
                .containsExactly("main", null, "mart", "zoo");
        var page = await(ledger.directory().stores(new StoreListing(account.number(), 1, 1, false, false, "", null)));
        assertThat(page.total()).isEqualTo(3);
        assertThat(page.items()).hasSize(1);
        assertThat(names(new StoreListing(account.number(), 0, 10, false, true, "", List.of(store.id()))))
                .containsExactly("main");
        assertThat(names(new StoreListing(account.number(), 0, 10, false, true, "", List.of())))
                .isEmpty();
        assertThat(names(new StoreListing(account.number() + 1, 0, 10, false, true, "", null)))
                .isEmpty();
    }

    @Test
    void useIsAddedUp() {
        await(ledger.directory().addUse(use(store.number(), 1, Long.MAX_VALUE / 2)));
        await(ledger.directory().addUse(use(store.number(), 10, 5)));
        assertThat(fresh().use().reads()).isEqualTo(11);
        assertThat(fresh().use().lists()).isEqualTo(8);
        assertThat(fresh().accessedAt()).isEqualTo(Long.MAX_VALUE / 2);
        assertThat(fresh().modifiedAt()).isEqualTo(store.modifiedAt());
    }

    @Test
    void tokenIsFoundByItsHashUntilDeleted() {
        Token made = token("t1", "hash one");
        assertThat(await(ledger.directory().tokenByHash(utf8("hash one"))))
                .usingRecursiveComparison()
                .isEqualTo(made);
        token("t2", "hash two");
        assertThat(await(ledger.directory().tokens(account.number())).stream().map(Token::id))
                .containsExactly("t1", "t2");
        assertThat(await(ledger.directory().deleteToken(account.number() + 1, "t1", null, null)))
                .isFalse();
        assertThat(await(ledger.directory().deleteToken(account.number(), "t1", null, null)))
                .isTrue();
        assertThat(await(ledger.directory().deleteToken(account.number(), "t1", null, null)))
                .isFalse();
        assertThat(await(ledger.directory().tokenByHash(utf8("hash one")))).isNull();
    }

    @Test
    void useOfTokensIsNoted() {
        token("t1", "hash one");
        await(ledger.directory().noteTokenUse(Map.of("t1", 55L, "gone", 66L)));
        assertThat(await(ledger.directory().tokenByHash(utf8("hash one"))).lastUsedAt())
                .isEqualTo(55);
    }

    @Test
    void secretIsMadeOnce() throws Exception {
        byte[] salt = await(ledger.directory().secret("salt", 32));
        assertThat(salt).hasSize(32);
        assertThat(await(ledger.directory().secret("salt", 32))).isEqualTo(salt);
        assertThat(await(ledger.directory().secret("other", 32))).isNotEqualTo(salt);
        reopen();
        assertThat(await(ledger.directory().secret("salt", 32))).isEqualTo(salt);
    }

    @Test
    void changeIsMadeOnceForAnIdempotencyKey() {
        var once = new Once<Directory.Cleared>(
                1, "k", new byte[] {9}, 77, cleared -> utf8("cleared " + cleared.records()));
        put("a", "1");
        var cleared = await(ledger.directory().clearStore(store.number(), ledger.now(), once, null));
        var kept = await(ledger.answers().find(1, "k", 0));
        assertThat(kept.content()).isEqualTo(utf8("cleared 1"));
        assertThat(kept.version()).isEqualTo(cleared.version());
        assertThat(kept.fingerprint()).isEqualTo(new byte[] {9});
        assertThat(kept.createdAt()).isEqualTo(77);
        store = cleared.store();
        put("a", "1");
        assertThatThrownBy(() -> await(ledger.directory().clearStore(store.number(), ledger.now(), once, null)))
                .isInstanceOf(LedgerException.AlreadyAnswered.class);
        assertThat(load(key("a"))).isNotNull();
    }

    @Test
    void refusalIsRememberedToo() {
        var once = new Once<Directory.StoreDeletion>(1, "k", new byte[0], 1, result -> utf8(result.toString()));
        await(ledger.directory().deleteStore(9_999, false, 1, once, null));
        assertThat(await(ledger.answers().find(1, "k", 0)).content()).isEqualTo(utf8("NoStore[]"));
        assertThat(await(ledger.answers().find(1, "k", 0)).version()).isZero();
    }

    private Token token(String id, String hash) {
        return await(ledger.directory()
                .createToken(new NewToken(id, utf8(hash), "name", account, "[\"admin\"]", 5, 0), null));
    }

    private List<String> names(StoreListing listing) {
        var names = new java.util.ArrayList<String>();
        await(ledger.directory().stores(listing))
                .items()
                .forEach(each -> names.add(each.settings().name()));
        return names;
    }
}
