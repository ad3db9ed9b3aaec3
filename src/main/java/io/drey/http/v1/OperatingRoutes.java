// SPDX-License-Identifier: Apache-2.0
// Copyright the Drey authors
package io.drey.http.v1;

import io.drey.http.Exchange;
import io.drey.http.NodeView;
import io.drey.http.Reply;
import io.drey.http.Services;
import io.drey.model.MediaType;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What operators look at: the cluster, health and metrics. */
final class OperatingRoutes {
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private final Services services;
    private final NodeView node;

    OperatingRoutes(Services services, NodeView node) {
        this.services = services;
        this.node = node;
    }

    Future<Reply> cluster(Exchange exchange) {
        Access.requireAdmin(exchange);
        return node.members().map(this::cluster);
    }

    private Reply cluster(List<NodeView.Member> members) {
        var storage = services.ledger().status();
        var partitions = services.partitions();
        boolean active = storage.reachable() && !storage.full();
        var json = new JsonOut()
                .object()
                .text("id", node.clusterId())
                .text("name", node.clusterName())
                .text("state", active ? "active" : "degraded")
                .bool("caughtUp", partitions.unheldCount() == 0)
                .object("storage")
                .text("kind", storage.kind())
                .bool("reachable", storage.reachable())
                .number("used", storage.usedBytes())
                .number("latencyMillis", Math.round(partitions.commitMillis() * 100) / 100.0)
                .endObject()
                .number("partitions", partitions.count())
                .array("members");
        members.forEach(member -> write(json, member));
        json.endArray().number("migrating", partitions.unheldCount()).endObject();
        return Reply.bytes(200, MediaType.JSON, json.bytes());
    }

    private static void write(JsonOut json, NodeView.Member member) {
        json.object()
                .text("id", member.id())
                .text("address", member.address())
                .text("http", member.http())
                .text("state", member.isLeaving() ? "leaving" : "active")
                .object("partitions")
                .number("owned", member.owned())
                .endObject()
                .object("memory")
                .number("used", member.memoryUsed())
                .number("max", member.memoryMax())
                .endObject()
                .endObject();
    }

    Future<Reply> live(Exchange exchange) {
        var json = new JsonOut().object().text("status", "UP").endObject();
        return Future.succeededFuture(Reply.bytes(200, MediaType.JSON, json.bytes()));
    }

    Future<Reply> ready(Exchange exchange) {
        var reasons = node.notReady();
        if (reasons.isEmpty()) {
            return live(exchange);
        }
        var json = new JsonOut().object().text("status", "DOWN").array("reasons");
        reasons.forEach(json::text);
        var reply = Reply.bytes(503, MediaType.JSON, json.endArray().endObject().bytes());
        return Future.succeededFuture(reply.with("Retry-After", "1"));
    }

    Future<Reply> metrics(Exchange exchange) {
        return services.context()
                .executeBlocking(() -> ((PrometheusMeterRegistry) node.metrics()).scrape(), false)
                .map(text -> Reply.bytes(200, PROMETHEUS, text.getBytes(StandardCharsets.UTF_8)));
    }
}
