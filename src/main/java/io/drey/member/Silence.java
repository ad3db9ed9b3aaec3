// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.member;

import io.drey.ledger.Claims.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long each other incarnation has not been renewed, by this machine's elapsed time alone: no clock of another
 * machine is believed. For one thread.
 */
final class Silence {
    private final long millis;
    private final Map<Long, Seen> seen = new HashMap<>();

    Silence(long millis) {
        this.millis = millis;
    }

    /** Takes in what a view shows, after it has arrived; answers those that were silent for too long. */
    List<Member> observe(List<Member> members, long self) {
        long now = System.nanoTime();
        var silent = new ArrayList<Member>();
        var present = new HashMap<Long, Seen>();
        for (var member : members) {
            if (member.incarnation() == self) {
                continue;
            }
            var before = seen.get(member.incarnation());
            var known =
                    before != null && before.counter() == member.counter() ? before : new Seen(member.counter(), now);
            present.put(member.incarnation(), known);
            if (now - known.sinceNanos() >= millis * 1_000_000) {
                silent.add(member);
            }
        }
        seen.clear();
        seen.putAll(present);
        return silent;
    }

    /** Until the next one could have been silent for too long. */
    long nextMillis() {
        long now = System.nanoTime();
        return seen.values().stream()
                .mapToLong(known -> millis - (now - known.sinceNanos()) / 1_000_000)
                .min()
                .orElse(millis);
    }

    private record Seen(long counter, long sinceNanos) {}
}
