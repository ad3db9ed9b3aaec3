// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.ledger.postgres;

import io.vertx.core.Context;
import java.util.List;
import java.util.stream.IntStream;

/** Connections of one kind; each call takes the one with the least to do. Event loop of the ledger, save where said. */
final class Links {
    private final List<Link> links;

    Links(int count, Context context, Manner manner, Connector connector) {
        this.links = IntStream.range(0, count)
                .mapToObj(i -> new Link(context, manner, connector))
                .toList();
    }

    void accept(Call<?> call) {
        Link best = links.get(0);
        for (Link link : links) {
            boolean isBetter = link.isUp() == best.isUp() ? link.load() < best.load() : link.isUp();
            best = isBetter ? link : best;
        }
        best.accept(call);
    }

    void connect() {
        links.forEach(Link::connect);
    }

    void tick(long now) {
        links.forEach(link -> link.tick(now));
    }

    void close() {
        links.forEach(Link::close);
    }

    boolean isIdle() {
        return links.stream().allMatch(link -> link.load() == 0);
    }

    /** Why none of them is up, null when one is. Any thread. */
    String trouble() {
        String first = null;
        for (Link link : links) {
            String trouble = link.trouble();
            if (trouble == null) {
                return null;
            }
            first = first == null ? trouble : first;
        }
        return first;
    }
}
