// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.drey.ledger.Commit.RecordCommit;
import io.drey.ledger.Records.Item;
import io.drey.ledger.Records.Listing;
import io.drey.ledger.Records.Page;
import io.drey.model.Entry;
import io.drey.model.RecordKey;
import io.drey.model.Value;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Pages of records in the order of their bytes. */
abstract class ListingContract extends LedgerFixture {
    private static final byte[] NONE = {};
    private static final byte[][] BITS = {{0}, {'/'}, {'a'}, {'b'}, {-1}, {-1, -1}, {127}, {-128}, {'/', '/'}};

    @Test
    void keysComeInUnsignedByteOrder() {
        put("a", "1");
        put("ä", "2");
        put("A", "3");
        put("a\0", "4");
        put("😀", "5");
        put("\uFFFD", "6");
        assertThat(names(list("", null, null, 10))).containsExactly("A", "a", "a\0", "ä", "\uFFFD", "😀");
    }

    @Test
    void itemsTellMetadataAndValuesOnlyWhenAsked() {
        long version = put("a", "one");
        Item item = list("", null, null, 10).items().get(0);
        assertThat(item.size()).isEqualTo(3);
        assertThat(item.entry().version()).isEqualTo(version);
        assertThat(item.entry().contentType()).isEqualTo("text/plain");
        assertThat(item.entry().value()).isNull();
        var listing = new Listing(store.space(), NONE, null, null, 10, true, 1_000);
        assertThat(string(await(ledger.records().list(listing)).items().get(0).entry()))
                .isEqualTo("one");
    }

    @Test
    void nextLeadsToTheFollowingPageAndIsNullOnTheLast() {
        put("a", "1");
        put("b", "2");
        put("c", "3");
        Page page = list("", null, null, 2);
        assertThat(names(page)).containsExactly("a", "b");
        assertThat(page.next()).isEqualTo(utf8("b"));
        page = list("", "b", null, 2);
        assertThat(names(page)).containsExactly("c");
        assertThat(page.next()).isNull();
        assertThat(list("", null, null, 3).next()).isNull();
        assertThat(names(list("", "aa", null, 3))).containsExactly("b", "c");
    }

    @Test
    void pageEndsBeforeItsValuesPassTheBound() {
        put("a", "1".repeat(100));
        put("b", "2".repeat(100));
        put("c", "3".repeat(100));
        Page page = await(ledger.records().list(new Listing(store.space(), NONE, null, null, 10, true, 200)));
        assertThat(names(page)).containsExactly("a", "b");
        assertThat(page.next()).isEqualTo(utf8("b"));
        page = await(ledger.records().list(new Listing(store.space(), NONE, null, null, 10, true, 10)));
        assertThat(names(page)).containsExactly("a");
        assertThat(names(await(ledger.records().list(new Listing(store.space(), NONE, null, null, 10, false, 10)))))
                .hasSize(3);
    }

    @Test
    void delimiterFoldsIntoPrefixes() {
        for (String key : List.of("a", "b/1", "b/2", "b/c/3", "b0", "c/1")) {
            put(key, "1");
        }
        Page page = list("", null, "/", 10);
        assertThat(names(page)).containsExactly("a", "b0");
        assertThat(prefixes(page)).containsExactly("b/", "c/");
        page = list("b/", null, "/", 10);
        assertThat(names(page)).containsExactly("b/1", "b/2");
        assertThat(prefixes(page)).containsExactly("b/c/");
    }

    @Test
    void pageThatEndsWithAPrefixGoesOnBehindIt() {
        for (String key : List.of("a/1", "a/2", "b/1", "b/2", "c")) {
            put(key, "1");
        }
        Page page = list("", null, "/", 1);
        assertThat(prefixes(page)).containsExactly("a/");
        page = list("", new String(page.next(), StandardCharsets.UTF_8), "/", 1);
        assertThat(prefixes(page)).containsExactly("b/");
        page = list("", new String(page.next(), StandardCharsets.UTF_8), "/", 1);
        assertThat(names(page)).containsExactly("c");
        assertThat(page.next()).isNull();
    }

    @Test
    void afterBeforeThePrefixIsNoBound() {
        put("p1", "1");
        put("q1", "1");
        assertThat(names(list("p", "a", null, 10))).containsExactly("p1");
        assertThat(names(list("p", "p1", null, 10))).isEmpty();
        assertThat(names(list("p", "z", null, 10))).isEmpty();
    }

    @Test
    void clearedAndUnknownSpacesAreEmpty() {
        put("a", "1");
        var old = store;
        await(ledger.directory().clearStore(store.number(), ledger.now(), null, null));
        assertThat(list("", null, null, 10).items()).isEmpty();
        assertThat(load(new RecordKey(old.space(), utf8("a")))).isNull();
        assertThat(await(ledger.records().list(new Listing(9_999, NONE, null, null, 10, false, 10)))
                        .items())
                .isEmpty();
    }

    @Test
    void expiredRecordsComeOldestFirstAndOnlyOfLivingSpaces() {
        expiring("c", 300);
        expiring("a", 100);
        expiring("b", 200);
        put("d", "1");
        assertThat(expired(250, 10)).containsExactly("a", "b");
        assertThat(expired(300, 10)).containsExactly("a", "b", "c");
        assertThat(expired(300, 1)).containsExactly("a");
        assertThat(expired(99, 10)).isEmpty();
        put("a", "no longer");
        assertThat(expired(250, 10)).containsExactly("b");
        await(ledger.directory().clearStore(store.number(), ledger.now(), null, null));
        assertThat(expired(1_000, 10)).isEmpty();
    }

    /** Random keys of few and nasty bytes, random listings, each walked to its end, against a sorted map. */
    @Test
    void randomListingsAgreeWithASortedMap() {
        long seed = Long.getLong("drey.seed", System.nanoTime());
        System.out.println("drey.seed=" + seed);
        var random = new Random(seed);
        var model = new TreeMap<byte[], Integer>(Arrays::compareUnsigned);
        while (model.size() < 150) {
            model.put(bytes(random, 1 + random.nextInt(5)), random.nextInt(300));
        }
        commit(model.entrySet().stream()
                .map(each ->
                        chain(new RecordKey(store.space(), each.getKey()), null, entry("v".repeat(each.getValue()))))
                .toArray(RecordCommit[]::new));
        for (int round = 0; round < 150; round++) {
            byte[] prefix = bytes(random, random.nextInt(3));
            byte[] after = random.nextBoolean() ? null : bytes(random, 1 + random.nextInt(4));
            byte[] delimiter = random.nextBoolean() ? null : BITS[random.nextInt(BITS.length)];
            int limit = 1 + random.nextInt(20);
            boolean values = random.nextBoolean();
            walk(model, new Listing(store.space(), prefix, after, delimiter, limit, values, random.nextInt(2_000)));
        }
    }

    private void walk(TreeMap<byte[], Integer> model, Listing listing) {
        var keys = new TreeSet<byte[]>(Arrays::compareUnsigned);
        var prefixes = new TreeSet<byte[]>(Arrays::compareUnsigned);
        byte[] after = listing.after();
        for (byte[] key : model.keySet()) {
            if (begins(key, listing.prefix()) && (after == null || Arrays.compareUnsigned(key, after) > 0)) {
                byte[] fold = fold(key, listing);
                (fold == null ? keys : prefixes).add(fold == null ? key : fold);
            }
        }
        var foundKeys = new ArrayList<byte[]>();
        var foundPrefixes = new ArrayList<byte[]>();
        Page page;
        do {
            page = await(ledger.records()
                    .list(new Listing(
                            listing.space(),
                            listing.prefix(),
                            after,
                            listing.delimiter(),
                            listing.limit(),
                            listing.values(),
                            listing.bytesMax())));
            int count = page.items().size() + page.prefixes().size();
            assertThat(count).isLessThanOrEqualTo(listing.limit());
            assertThat(page.next() == null || count > 0).isTrue();
            long bytes = 0;
            for (Item item : page.items()) {
                foundKeys.add(item.key());
                assertThat(item.size()).isEqualTo(model.get(item.key()).longValue());
                bytes += item.size();
            }
            if (listing.values() && page.items().size() > 1) {
                assertThat(bytes).isLessThanOrEqualTo(listing.bytesMax());
            }
            foundPrefixes.addAll(page.prefixes());
            after = page.next();
        } while (after != null);
        assertThat(foundKeys).containsExactlyElementsOf(keys);
        assertThat(foundPrefixes).containsExactlyElementsOf(prefixes);
    }

    private static byte[] bytes(Random random, int bits) {
        var bytes = new java.io.ByteArrayOutputStream();
        for (int i = 0; i < bits; i++) {
            bytes.writeBytes(BITS[random.nextInt(BITS.length)]);
        }
        return bytes.toByteArray();
    }

    private static boolean begins(byte[] key, byte[] prefix) {
        return key.length >= prefix.length && Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length);
    }

    /** Latin-1 maps bytes to characters one to one. */
    private static byte[] fold(byte[] key, Listing listing) {
        if (listing.delimiter() == null) {
            return null;
        }
        String delimiter = new String(listing.delimiter(), StandardCharsets.ISO_8859_1);
        int at = new String(key, StandardCharsets.ISO_8859_1).indexOf(delimiter, listing.prefix().length);
        return at < 0 ? null : Arrays.copyOf(key, at + listing.delimiter().length);
    }

    private Page list(String prefix, String after, String delimiter, int limit) {
        return await(ledger.records()
                .list(new Listing(
                        store.space(),
                        utf8(prefix),
                        after == null ? null : utf8(after),
                        delimiter == null ? null : utf8(delimiter),
                        limit,
                        false,
                        0)));
    }

    private void expiring(String key, long at) {
        Value value = text("x");
        verdict(chain(key(key), null, new Entry(value, "text/plain", Entry.PENDING, 1, 1, at)));
    }

    private List<String> expired(long now, int limit) {
        return await(ledger.records().expired(now, limit)).stream()
                .map(RecordKey::text)
                .toList();
    }

    private static List<String> names(Page page) {
        return page.items().stream()
                .map(item -> new String(item.key(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> prefixes(Page page) {
        return page.prefixes().stream()
                .map(prefix -> new String(prefix, StandardCharsets.UTF_8))
                .toList();
    }
}
