// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.sqlite;

import io.drey.ledger.Records.Item;
import io.drey.ledger.Records.Listing;
import io.drey.ledger.Records.Page;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Reads one page. What is folded is passed over by seeking, so a page costs what it holds. */
final class PageReader {
    private static final byte[] NOTHING = {};

    private final Session session;
    private final Listing listing;
    private final byte[] upper;
    private final List<Item> items = new ArrayList<>();
    private final List<byte[]> prefixes = new ArrayList<>();
    private long bytes;
    private boolean more;
    /** The prefix into which the key just read was folded, null when it was an item. */
    private byte[] folded;

    PageReader(Session session, Listing listing) {
        this.session = session;
        this.listing = listing;
        this.upper = successor(listing.prefix());
    }

    Page read() throws SQLException {
        if (!Spaces.isCurrent(session, listing.space())) {
            return new Page(List.of(), List.of(), null);
        }
        byte[] after = listing.after();
        boolean afterCounts = after != null && Arrays.compareUnsigned(after, listing.prefix()) >= 0;
        byte[] from = afterCounts ? after : listing.prefix();
        boolean inclusive = !afterCounts;
        while (from != null) {
            folded = null;
            session.each(sql(inclusive), this::take, arguments(from));
            boolean goesOn = folded != null && !more;
            from = goesOn ? successor(folded) : null;
            inclusive = true;
        }
        return new Page(items, prefixes, more ? next() : null);
    }

    /** Answers whether to read the next row. */
    private boolean take(ResultSet row) throws SQLException {
        byte[] key = row.getBytes(1);
        if (items.size() + prefixes.size() == listing.limit()) {
            more = true;
            return false;
        }
        byte[] fold = fold(key);
        if (fold != null) {
            prefixes.add(fold);
            folded = fold;
            return false;
        }
        Item item = RecordRows.item(row, listing.space(), false);
        if (listing.values()) {
            if (!items.isEmpty() && bytes + item.size() > listing.bytesMax()) {
                more = true;
                return false;
            }
            bytes += item.size();
            item = RecordRows.item(row, listing.space(), true);
        }
        items.add(item);
        return true;
    }

    /** The key's beginning up to the first delimiter after the prefix, null when it has none. */
    private byte[] fold(byte[] key) {
        byte[] delimiter = listing.delimiter();
        if (delimiter == null || delimiter.length == 0) {
            return null;
        }
        for (int at = listing.prefix().length; at + delimiter.length <= key.length; at++) {
            if (Arrays.equals(key, at, at + delimiter.length, delimiter, 0, delimiter.length)) {
                return Arrays.copyOf(key, at + delimiter.length);
            }
        }
        return null;
    }

    /** The last key that this page speaks for: its last item, or the last of those in its last folded prefix. */
    private byte[] next() throws SQLException {
        byte[] item = items.isEmpty() ? NOTHING : items.get(items.size() - 1).key();
        byte[] prefix = prefixes.isEmpty() ? NOTHING : prefixes.get(prefixes.size() - 1);
        if (Arrays.compareUnsigned(item, prefix) > 0) {
            return item;
        }
        byte[] end = successor(prefix);
        return end == null
                ? session.first(
                        "select key from record where space = ? order by key desc limit 1",
                        row -> row.getBytes(1),
                        listing.space())
                : session.first(
                        "select key from record where space = ? and key < ? order by key desc limit 1",
                        row -> row.getBytes(1),
                        listing.space(),
                        end);
    }

    private String sql(boolean inclusive) {
        return "select " + RecordRows.COLUMNS + (listing.values() ? ", value" : "")
                + " from record where space = ? and key " + (inclusive ? ">=" : ">") + " ?"
                + (upper == null ? "" : " and key < ?") + " order by key";
    }

    private Object[] arguments(byte[] from) {
        return upper == null ? new Object[] {listing.space(), from} : new Object[] {listing.space(), from, upper};
    }

    /** The least bytes above all that begin with {@code prefix}, null when there are none. */
    private static byte[] successor(byte[] prefix) {
        for (int last = prefix.length - 1; last >= 0; last--) {
            if (prefix[last] != (byte) 0xFF) {
                byte[] successor = Arrays.copyOf(prefix, last + 1);
                successor[last]++;
                return successor;
            }
        }
        return null;
    }
}
