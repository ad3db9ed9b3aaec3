// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey;

import io.drey.http.NodeView.Member;
import io.drey.ledger.Claims;
import io.drey.member.Membership;
import io.drey.partition.Partitions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.json.JsonObject;
import java.util.List;

/** All living nodes: what the ledger knows of them, and what each says of itself over the event bus. */
final class Roster {
    private static final long ASK_MILLIS = 500;

    private final Membership membership;
    private final Partitions partitions;
    private final Node self;
    private final Vertx vertx;

    Roster(Membership membership, Partitions partitions, Node self, Vertx vertx) {
        this.membership = membership;
        this.partitions = partitions;
        this.self = self;
        this.vertx = vertx;
        vertx.eventBus().consumer(address(membership.node().name()), message -> message.reply(status()));
    }

    private static String address(String node) {
        return "drey.status." + node;
    }

    private JsonObject status() {
        return new JsonObject()
                .put("leaving", self.isLeaving())
                .put("http", self.http())
                .put("memoryUsed", partitions.memoryBytes())
                .put("memoryMax", partitions.memoryBytesMax());
    }

    Future<List<Member>> members() {
        var view = membership.view();
        var members = view.members().stream().map(this::ask).toList();
        return Future.all(members)
                .map(all -> members.stream().map(Future::result).toList());
    }

    private Future<Member> ask(Claims.Member member) {
        var node = member.node();
        int owned = partitions.heldBy(node.name());
        return vertx.eventBus()
                .<JsonObject>request(
                        address(node.name()), new JsonObject(), new DeliveryOptions().setSendTimeout(ASK_MILLIS))
                .map(reply -> reply.body())
                .otherwise(new JsonObject())
                .map(said -> new Member(
                        node.name(),
                        node.address(),
                        said.getString("http", node.http()),
                        said.getBoolean("leaving", false),
                        owned,
                        said.getLong("memoryUsed", 0L),
                        said.getLong("memoryMax", 0L)));
    }
}
